//! Names and addresses as this machine resolves them: forward and reverse, through the system's own resolver.

use std::net::IpAddr;
use std::time::Duration;

use dns_lookup::{LookupError, LookupErrorKind, lookup_addr, lookup_host};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// Longest wait for one look-up.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the resolver says of a name or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said<T> {
    /// This.
    Found(T),
    /// That there is no such record.
    Nothing(String),
    /// Nothing that can be relied on: no server answered, or it had a failure of its own.
    CannotTell(String),
}

/// A name, looked up there and back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookUp {
    /// Its addresses.
    pub forward: Said<Vec<IpAddr>>,
    /// The name of each.
    pub reverse: Vec<(IpAddr, Said<String>)>,
}

/// Looks a name up, and its addresses back.
pub async fn look_up(host: &str) -> LookUp {
    let name = host.to_owned();
    let forward = waited(move || {
        lookup_host(&name).map(|found| {
            let mut addresses: Vec<IpAddr> = found.collect();
            addresses.sort_unstable();
            addresses.dedup();
            addresses
        })
    })
    .await;
    let mut reverse = Vec::new();
    if let Said::Found(addresses) = &forward {
        for address in addresses {
            let asked = *address;
            reverse.push((asked, waited(move || lookup_addr(&asked)).await));
        }
    }
    LookUp { forward, reverse }
}

async fn waited<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, LookupError> + Send + 'static,
) -> Said<T> {
    match timeout(PATIENCE, spawn_blocking(ask)).await {
        Ok(Ok(Ok(found))) => Said::Found(found),
        Ok(Ok(Err(error))) => {
            let nothing = matches!(error.kind(), LookupErrorKind::NoName | LookupErrorKind::NoData);
            let why = std::io::Error::from(error).to_string();
            if nothing { Said::Nothing(why) } else { Said::CannotTell(why) }
        }
        Ok(Err(error)) => Said::CannotTell(error.to_string()),
        Err(_) => Said::CannotTell(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, look_up};

    #[tokio::test]
    async fn an_address_is_its_own_forward_answer() {
        let found = look_up("127.0.0.1").await;
        assert_eq!(found.forward, Said::Found(vec!["127.0.0.1".parse().unwrap()]));
        assert_eq!(found.reverse.len(), 1);
    }

    #[tokio::test]
    async fn a_reserved_name_is_never_found() {
        let found = look_up("nowhere.invalid").await;
        assert!(!matches!(found.forward, Said::Found(_)), "{found:?}");
        assert!(found.reverse.is_empty());
    }
}
