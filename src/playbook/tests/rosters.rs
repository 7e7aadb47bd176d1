//! Rosters with mistakes, as they are shown.

use std::collections::BTreeMap;

use super::{Folder, SMALL, rendered};

fn roster(csv: &str) -> String {
    let text = format!(
        "{SMALL}one_button_sign_in: {{ id: administrator, extension: administrator }}\n\
         agents: {{ roster: agents.csv }}\n"
    );
    rendered(&text, &Folder(BTreeMap::from([("books/agents.csv", csv.as_bytes().to_vec())])))
}

#[test]
fn rosters_with_wrong_headers() {
    let out = roster("device;id;extension\n")
        + &roster("devise,id,id,password\n")
        + &roster("device,id\n");
    insta::assert_snapshot!(out, @r#"
    error[roster-separator]: the columns are separated by semicolons
     --> books/agents.csv:1:1
      |
    1 | device;id;extension
      | ^^^^^^^^^^^^^^^^^^^
      = save the file as CSV with commas between the columns
    error[unknown-column]: `devise` is not a column
     --> books/agents.csv:1:1
      |
    1 | devise …
      | ^^^^^^
      = did you mean `device`?
    error[duplicate-column]: the column `id` is given twice
     --> books/agents.csv:1:11
      |
    1 | devise,id,id …
      |           ^^
    error[inline-secret]: a roster has no column for passwords
     --> books/agents.csv:1:14
      |
    1 | devise,id,id,password
      |              ^^^^^^^^
      = remove it; passwords come from `agents.passwords`, a file or command with `id,password`
    error[subscription-values-missing]: the roster has no `extension`
     --> books/agents.csv:1:1
      |
    1 | device …
      | ^^^^^^
      = one_button_sign_in.extension is `administrator`: add the column (an empty cell means not prefilled), or write `extension: sign-in`
    "#);
}

#[test]
fn rosters_with_wrong_rows() {
    insta::assert_snapshot!(roster(
        "device,device_profile,id,extension,manage\r\n\
         sep0011223344aa,,1001,5001,\r\n\
         SEP0011223344BB,,1002,5002,al\r\n\
         ,,1003,5003,\r\n\
         SEP0011223344CC,,1004,5004\r\n\
         SEP0011223344DD,,1005,5005,\r\n\
         SEP0011223344DD,,1006,5005,\r\n\
         SEP0011223344EE,\"P \"\"x\"\", 1\",1007,5007,\r\n\
         SEP0011223344EE,\"P \"\"x\"\", 1\",1007,5007,\r\n"
    ), @r#"
    error[bad-value]: `sep0011223344aa` is not a device: device names are upper case
     --> books/agents.csv:2:1
      |
    2 | sep0011223344aa …
      | ^^^^^^^^^^^^^^^
      = did you mean `SEP0011223344AA`?
    error[unknown-word]: `al` is not a word for `manage`
     --> books/agents.csv:3:28
      |
    3 | SEP0011223344BB,,1002,5002,al
      |                            ^^
      = did you mean `all`?
      = one of: all, subscription, verify
    error[missing-value]: the row has neither `device` nor `device_profile`
     --> books/agents.csv:4:1
      |
    4 | , …
      | ^
    error[roster-row]: the row has 4 cells, the header has 5
     --> books/agents.csv:5:1
      |
    5 | SEP0011223344CC …
      | ^^^^^^^^^^^^^^^
      = an empty cell still needs its comma; quote a value that holds one
    error[roster-contradiction]: SEP0011223344DD has two rows with different `id`
     --> books/agents.csv:7:1
      |
    7 | SEP0011223344DD …
      | ^^^^^^^^^^^^^^^
      = first listed: books/agents.csv:6:1
    error[roster-duplicate]: SEP0011223344EE has the same row twice
     --> books/agents.csv:9:1
      |
    9 | SEP0011223344EE …
      | ^^^^^^^^^^^^^^^
      = first listed: books/agents.csv:8:1
    "#);
}

#[test]
fn lines_of_rows_count_quoted_breaks_and_blank_lines() {
    let out = roster("id,extension,device\r\n\r\n\"1\n2\",3,SEP0011223344AA\r\n\n1,2,x y\n");
    insta::assert_snapshot!(out, @r#"
    error[bad-value]: `x y` is not a device: up to 128 letters, digits, dots, underscores and hyphens
     --> books/agents.csv:6:5
      |
    6 | 1,2,x y
      |     ^^^
    "#);
}

#[test]
fn a_large_roster_is_read() {
    use std::fmt::Write as _;
    let mut csv = "device,id,extension\n".to_owned();
    for number in 0..20_000 {
        writeln!(csv, "SEP{number:012X},{number},{}", number + 100_000).unwrap();
    }
    assert_eq!(roster(&csv), "");
    let out = roster(&csv.replace("SEP", "sep"));
    assert_eq!(out.matches("device names are upper case").count(), 200);
    assert!(out.contains("19800 more mistakes"), "{}", out.len());
}
