//! A service whose enterprise flag is wrong cannot be changed: it is put aside under a free name, and a new one made.

use crate::clients::axl::PhoneService;

use super::DesiredService;
use super::phone_service::{Candidates, existing};

/// The longest name of a service, in characters.
const LONGEST_NAME: usize = 32;

/// Whether the existing service has to be replaced.
pub fn is_of_other_kind(wanted: &DesiredService, candidates: &Candidates) -> bool {
    existing(wanted, candidates).is_some_and(|found| found.enterprise != wanted.enterprise)
}

/// Names under which a replaced service may be kept, in the order in which they are tried.
pub fn aside_names(name: &str) -> impl Iterator<Item = String> + '_ {
    let suffixes = std::iter::once("(old)".to_owned());
    let suffixes = suffixes.chain((2_u32..).map(|number| format!("(old {number})")));
    suffixes.map(move |suffix| {
        let kept: String = name.chars().take(LONGEST_NAME - 1 - suffix.len()).collect();
        format!("{} {suffix}", kept.trim_end())
    })
}

/// Chooses the names under which services of the wrong kind are kept: for each the first that is free.
pub fn choose_names(declared: &[DesiredService], candidates: &mut Candidates) {
    for wanted in declared {
        if !is_of_other_kind(wanted, candidates) {
            continue;
        }
        let Candidates { services, aside, .. } = candidates;
        let taken =
            |name: &String| services.contains_key(name) || aside.values().any(|a| a == name);
        let chosen = aside_names(&wanted.name).find(|name| !taken(name));
        aside.extend(chosen.map(|name| (wanted.name.clone(), name)));
    }
}

/// The name under which the existing service is kept once it is replaced.
pub fn aside_name(wanted: &DesiredService, candidates: &Candidates) -> String {
    let chosen = candidates.aside.get(&wanted.name).cloned();
    chosen.or_else(|| aside_names(&wanted.name).next()).unwrap_or_default()
}

/// The services that were replaced by the declared one: put aside, and of the other kind.
pub fn replaced<'a>(
    wanted: &'a DesiredService,
    candidates: &'a Candidates,
) -> impl Iterator<Item = &'a PhoneService> {
    aside_names(&wanted.name)
        .map_while(|name| candidates.services.get(&name))
        .filter(|service| service.enterprise != wanted.enterprise)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Shown;
    use crate::resources::phone_service::compare;
    use crate::resources::phone_service::tests::{candidates, wanted};

    #[test]
    fn a_replaced_service_gets_the_first_free_name() {
        let (one, two) = (format!("{}1", "x".repeat(31)), format!("{}2", "x".repeat(31)));
        let both = [wanted(&one, None), wanted(&two, None)];
        let taken = format!("{} (old)", "x".repeat(26));
        let mut found = candidates(&[(&one, true), (&two, true), (&taken, false)]);
        choose_names(&both, &mut found);
        let aside = |number| format!("{} (old {number})", "x".repeat(24));
        for (wanted, name) in both.iter().zip([aside(2), aside(3)]) {
            let (changes, edit) = compare(wanted, &found);
            assert_eq!(edit.replace.as_ref(), Some(&name));
            assert_eq!(changes[1].after, Shown::text(&name), "the plan shows it");
            assert_eq!(name.chars().count(), 32);
        }
        assert_eq!(replaced(&both[0], &found).count(), 0, "one of the wanted kind is somebody's");
        let old = candidates(&[("One (old)", true), ("One (old 2)", true), ("One (old 4)", true)]);
        assert_eq!(replaced(&wanted("One", None), &old).count(), 2);
    }
}
