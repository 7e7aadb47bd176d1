//! Which rule holds which invariant of ARCHITECTURE.md: none is only written down.

use crate::rules::RULES;
use crate::source::files;

/// What holds an invariant.
enum By {
    /// Rules over each file, by their names in [`RULES`].
    Rules(&'static [&'static str]),
    /// A rule over all files, and the test of this binary that runs it.
    Test(&'static str),
    /// The compiler, because of this.
    Compiler(&'static str),
}

/// Number and holder.
const HELD: &[(usize, &[By])] = &[
    (1, &[By::Rules(&["imports"]), By::Test("every_area_is_in_the_import_table")]),
    (2, &[By::Rules(&["output"])]),
    (3, &[By::Rules(&["environment"])]),
    (4, &[By::Rules(&["imports"])]),
    (5, &[By::Rules(&["serialize"])]),
    (
        6,
        &[By::Compiler(
            "`secrecy` is built without `serde`, so a `SecretString` has no `Serialize`; its `Debug` shows nothing",
        )],
    ),
    (7, &[By::Rules(&["opening", "names", "unfinished"])]),
    (8, &[By::Rules(&["length"])]),
    (9, &[By::Test("every_kind_has_its_file"), By::Test("the_source_keeps_the_rules")]),
    (10, &[By::Rules(&["writer"]), By::Compiler("a `Reader` has no method that writes")]),
    (11, &[By::Test("nothing_names_a_path_of_one_machine")]),
];

/// The invariants as they are written, by number.
fn written(architecture: &str) -> Vec<(usize, String)> {
    let section = architecture.split("\n## Invariants\n").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter_map(|line| line.split_once(". "));
    lines.filter_map(|(number, text)| Some((number.parse().ok()?, text.to_owned()))).collect()
}

/// Numbers that are only written, or only held.
fn apart(architecture: &str) -> Vec<usize> {
    let written: Vec<usize> = written(architecture).into_iter().map(|(number, _)| number).collect();
    let held: Vec<usize> = HELD.iter().map(|(number, _)| *number).collect();
    let only = |these: &[usize], those: &[usize]| {
        these.iter().filter(|number| !those.contains(number)).copied().collect::<Vec<_>>()
    };
    [only(&written, &held), only(&held, &written)].concat()
}

#[test]
#[expect(clippy::print_stdout, reason = "what it counts is for people")]
fn every_invariant_is_held() {
    let (_, architecture) = files(&["ARCHITECTURE.md"]).remove(0);
    assert_eq!(apart(&architecture), [0; 0], "written and not held, or held and not written");
    let (_, tidy) = files(&["tests/tidy.rs"]).remove(0);
    for ((number, by), (_, text)) in HELD.iter().zip(written(&architecture)) {
        let holders = by.iter().map(|by| match by {
            By::Rules(names) => {
                let known = |name: &&str| RULES.iter().any(|(rule, _)| rule == name);
                assert!(names.iter().all(known), "{number}: no rule {names:?}");
                names.join(", ")
            }
            By::Test(name) => {
                assert!(
                    tidy.contains(&format!("#[test]\nfn {name}()")),
                    "{number}: no test {name}"
                );
                (*name).to_owned()
            }
            By::Compiler(why) => format!("the compiler: {why}"),
        });
        let holders: Vec<String> = holders.collect();
        println!("{number:>2}. {}\n    held by {}", text.replace("**", ""), holders.join("; "));
    }
    let named = |rule: &str| {
        HELD.iter()
            .flat_map(|(_, by)| by.iter())
            .any(|by| matches!(by, By::Rules(names) if names.contains(&rule)))
    };
    assert!(RULES.iter().all(|(rule, _)| named(rule)), "a rule that holds no invariant");
}

#[test]
fn an_invariant_that_nothing_holds_is_found() {
    let (_, architecture) = files(&["ARCHITECTURE.md"]).remove(0);
    let more =
        architecture.replace("\n## Invariants\n", "\n## Invariants\n\n99. Nobody holds it.\n");
    assert_eq!(apart(&more), [99]);
    let fewer = architecture.replace("\n2. Only `cli`", "\nOnly `cli`");
    assert_eq!(apart(&fewer), [2]);
}
