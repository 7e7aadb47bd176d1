//! Whether anything listens at an endpoint: a connection that is opened and closed, and nothing is sent.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::tls::ConnectMap;
use crate::playbook::Endpoint;

/// Opens a connection, where the map leads it, and closes it.
///
/// # Errors
/// Why there is none, in the system's words.
pub async fn open(endpoint: &Endpoint, map: &ConnectMap, limit: Duration) -> Result<(), String> {
    let target = map.get(endpoint).unwrap_or(endpoint);
    match timeout(limit, TcpStream::connect((target.host.as_str(), target.port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no connection within {} s", limit.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ConnectMap, open};
    use crate::playbook::Endpoint;

    #[tokio::test]
    async fn a_listener_is_told_from_none_behind_a_mapped_name() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let name = Endpoint { host: "fin-a.example.com".to_owned(), port: 8445 };
        let here = Endpoint { host: "127.0.0.1".to_owned(), port };
        let map = ConnectMap::from([(name.clone(), here)]);
        assert_eq!(open(&name, &map, Duration::from_secs(5)).await, Ok(()));
        drop(listener);
        assert!(open(&name, &map, Duration::from_secs(5)).await.is_err());
    }
}
