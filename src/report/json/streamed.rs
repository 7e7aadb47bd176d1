//! The JSON document on its way out, of which never more than a part is in memory.

use std::io::{self, Write as _};

use super::whole;
use crate::report::{Report, sanitize};

/// Writes what [`super::document`] gives.
///
/// # Errors
/// Those of the writer.
pub fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(64 * 1024, out);
    serde_json::to_writer_pretty(sanitize::EscapedJson::before(&mut out), &whole(report))?;
    out.write_all(b"\n")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::report::json::document;
    use crate::report::samples;

    #[test]
    fn what_is_written_part_by_part_is_the_document() {
        let mut report = samples::everything(3);
        let plan = &mut report.sections[0].plan;
        plan.steps.extend(samples::plan(2).steps);
        plan.steps[0].notes.push("\u{1b}[2J \u{202e}\u{159} \u{e0041}".to_owned());
        let mut written = Vec::new();
        write(&report, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), document(&report));
        assert!(document(&report).contains(r"\u202e"));
    }
}
