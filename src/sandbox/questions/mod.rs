//! The questions about real servers that no public source answers, each with the switch that plays its answers.
//!
//! Sources: facts/axl.md section 21, facts/finesse.md section 19.4, facts/vos.md section 12. The first answer of each
//! question is what the sandbox does unasked: the worst case, where there is one.

mod axl;
mod finesse;
mod vos;

use serde_json::Value;

use super::follow;
use super::patch::changed;
use super::site::Site;

/// Where a switch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switches {
    /// [`super::settings::Settings`]: CUCM, phones, `RisPort`.
    Cucm,
    /// [`super::finesse::knobs::Knobs`].
    Finesse,
    /// [`super::platform::knobs::Knobs`] of every shell.
    Shells,
}

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Document and number, and a word where a number asks several things: `axl-21.3-secure-url`.
    pub id: &'static str,
    /// What nobody knows.
    pub asks: &'static str,
    /// Where its switch is.
    pub switches: Switches,
    /// Names of the possible answers, each with the switches it sets, as JSON.
    pub answers: &'static [(&'static str, &'static str)],
}

impl Question {
    /// Names of its answers.
    pub fn names(&self) -> Vec<&'static str> {
        self.answers.iter().map(|(name, _)| *name).collect()
    }

    /// The switches that an answer sets, as JSON.
    pub fn answer(&self, name: &str) -> Option<&'static str> {
        self.answers.iter().find(|(own, _)| *own == name).map(|(_, switches)| *switches)
    }
}

/// Plays this answer to a question from now on.
///
/// # Errors
/// A sentence with what there is, when the question or the answer is none.
pub fn play(site: &Site, id: &str, answer: &str) -> Result<(), String> {
    let question = find(id)?;
    let switches = question.answer(answer).ok_or_else(|| {
        let known = question.names().join(", ");
        format!("'{answer}' is no answer to {id}; there are {known}")
    })?;
    let switches: Value = serde_json::from_str(switches).map_err(|error| error.to_string())?;
    match question.switches {
        Switches::Cucm => follow::change(site, switches),
        Switches::Finesse => site.finesse(|cluster, _| {
            cluster.knobs = changed(&cluster.knobs, switches)?;
            Ok(())
        }),
        Switches::Shells => {
            let mut front = site.front();
            let hosts: Vec<String> = front.shells.all().keys().cloned().collect();
            for host in hosts {
                let knobs = changed(&front.shells.knobs(&host), switches.clone())?;
                front.shells.set(&host, knobs);
            }
            Ok(())
        }
    }
}

/// All questions, in the order of the documents.
pub fn all() -> impl Iterator<Item = &'static Question> {
    axl::QUESTIONS.iter().chain(finesse::QUESTIONS).chain(vos::QUESTIONS)
}

/// The question of that id.
///
/// # Errors
/// A sentence with the ids that exist.
pub fn find(id: &str) -> Result<&'static Question, String> {
    all().find(|question| question.id == id).ok_or_else(|| {
        let known: Vec<&str> = all().map(|question| question.id).collect();
        format!("there is no question '{id}'; there are {}", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Switches, all, changed};
    use crate::sandbox::finesse::knobs::Knobs;
    use crate::sandbox::platform::knobs::Knobs as ShellKnobs;
    use crate::sandbox::settings::Settings;

    #[test]
    fn every_answer_is_a_setting_of_its_switch_and_the_first_is_the_default() {
        for question in all() {
            assert!(question.answers.len() > 1, "{}: one answer is no question", question.id);
            let names: BTreeSet<&str> = question.answers.iter().map(|(name, _)| *name).collect();
            assert_eq!(names.len(), question.answers.len(), "{}", question.id);
            for (index, (name, switches)) in question.answers.iter().enumerate() {
                let switches = serde_json::from_str(switches).unwrap();
                let same = match question.switches {
                    Switches::Cucm => changed(&Settings::default(), switches)
                        .map(|set| set == Settings::default()),
                    Switches::Finesse => {
                        changed(&Knobs::default(), switches).map(|set| set == Knobs::default())
                    }
                    Switches::Shells => {
                        let usual = ShellKnobs::default();
                        changed(&usual, switches).map(|set| set == usual)
                    }
                };
                let same = same.unwrap_or_else(|why| panic!("{} {name}: {why}", question.id));
                assert_eq!(same, index == 0, "{} {name}", question.id);
            }
        }
    }

    /// The numbers of the documents' lists.
    #[test]
    fn no_open_question_is_without_a_switch() {
        let asked = |document: &str, number: u32| {
            let id = format!("{document}.{number}");
            all().any(|question| {
                question
                    .id
                    .strip_prefix(id.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            })
        };
        for (document, last) in [("axl-21", 13), ("finesse-19.4", 8), ("vos-12", 14)] {
            for number in 1..=last {
                assert!(asked(document, number), "{document}.{number} has no switch");
            }
        }
    }
}
