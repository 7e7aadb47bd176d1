//! Host names: there and back, as this machine resolves them.

use crate::clients::names::{LookUp, Said};

use super::{Area, Line};

const CHECK: &str = "finesse-name-unresolved";

/// What the look-up of a name says about it.
pub fn judge(host: &str, found: &LookUp) -> Line {
    let subject = format!("{host} name");
    let addresses = match &found.forward {
        Said::Found(addresses) if addresses.is_empty() => {
            return unresolved(subject, host, "it has no address");
        }
        Said::Found(addresses) => addresses,
        Said::Nothing(why) => return unresolved(subject, host, why),
        Said::CannotTell(why) => {
            return Line::not_checked(Area::Network, subject, why.as_str()).under(CHECK).fix(
                "look at this machine's resolver; in the node's platform shell, utils network host NAME asks from there",
            );
        }
    };
    let shown: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let shown = shown.join(", ");
    let mut wrong = Vec::new();
    for (address, back) in &found.reverse {
        match back {
            Said::Found(name) if same(name, host) => {}
            Said::Found(name) => wrong.push(format!("{address} is {name}")),
            Said::Nothing(_) => wrong.push(format!("{address} has no name")),
            Said::CannotTell(why) => {
                let why = format!("{shown}; {address} was not looked up: {why}");
                return Line::not_checked(Area::Network, subject, why).under(CHECK);
            }
        }
    }
    if wrong.is_empty() {
        return Line::ok(Area::Network, subject, format!("{shown} and back"));
    }
    let seen = format!("{shown}; in reverse {}", wrong.join(", "));
    Line::warning(Area::Network, subject, seen).under(CHECK).fix(format!(
        "add the PTR record for {host}: the platform's installation wants both directions (utils diagnose test in its shell)"
    ))
}

fn unresolved(subject: String, host: &str, why: &str) -> Line {
    Line::found(Area::Network, subject, CHECK, why).fix(format!(
        "add the DNS record of {host}, or correct the playbook to the complete name; utils network host {host} in the \
         node's platform shell asks from there"
    ))
}

/// Case, and the dot at the end, do not count.
fn same(left: &str, right: &str) -> bool {
    left.trim_end_matches('.').eq_ignore_ascii_case(right.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::judge;
    use crate::checks::doctor::State;
    use crate::clients::names::{LookUp, Said};
    use crate::outcome::Outcome;

    fn found(back: Said<String>) -> LookUp {
        let address: IpAddr = "192.0.2.11".parse().unwrap();
        LookUp { forward: Said::Found(vec![address]), reverse: vec![(address, back)] }
    }

    #[test]
    fn there_and_back() {
        let line = |look: &LookUp| judge("fin-a.example.com", look);
        assert_eq!(line(&found(Said::Found("FIN-A.example.com.".to_owned()))).state, State::Ok);
        for back in [Said::Found("other.example.com".to_owned()), Said::Nothing("no".to_owned())] {
            let line = line(&found(back));
            assert_eq!(line.state, State::Warning);
            assert!(line.fix.contains("PTR"));
        }
        let silent = found(Said::CannotTell("no answer".to_owned()));
        assert_eq!(line(&silent).state, State::NotChecked);
    }

    #[test]
    fn a_name_without_a_record_fails_and_a_silent_server_does_not() {
        let line = |forward| judge("fin-a", &LookUp { forward, reverse: Vec::new() });
        for forward in [Said::Nothing("unknown".to_owned()), Said::Found(Vec::new())] {
            let line = line(forward);
            assert_eq!(line.state, State::Failed(Outcome::Failed));
            assert!(line.fix.contains("utils network host fin-a"));
        }
        assert_eq!(line(Said::CannotTell("timed out".to_owned())).state, State::NotChecked);
    }
}
