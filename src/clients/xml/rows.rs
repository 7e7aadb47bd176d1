//! The rows of a long answer, read without a tree: one text holds all cells, and the names of the columns are kept once.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::reading::{DEEPEST, ahead, attributes, resolved};
use super::{Element, leaf};

/// What rows are called.
pub(super) const ROW: &str = "row";

/// Rows of cells, in the order of the answer.
#[derive(Default)]
pub(in crate::clients) struct Rows {
    /// Every cell's text, one after the other.
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
    /// Names of columns as rows have them; a new list wherever a row differs from the one before it.
    layouts: Vec<Vec<String>>,
    /// Of each row its list of names, and its first cell.
    begins: Vec<(usize, usize)>,
}

/// One of them.
#[derive(Clone, Copy)]
pub(in crate::clients) struct Row<'a> {
    of: &'a Rows,
    names: &'a [String],
    first: usize,
}

impl<'a> Row<'a> {
    /// The text of a column, whatever the case of its name; empty when NULL, `None` when there is no such column.
    pub(in crate::clients) fn cell(self, name: &str) -> Option<&'a str> {
        let at = self.names.iter().position(|own| own.eq_ignore_ascii_case(name))?;
        self.of.cell(self.first + at)
    }
}

impl Rows {
    /// All rows.
    pub(in crate::clients) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.begins.iter().map(|(layout, first)| {
            let names = self.layouts.get(*layout).map_or(&[][..], Vec::as_slice);
            Row { of: self, names, first: *first }
        })
    }

    fn cell(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let begin = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        self.text.get(begin.unwrap_or(0)..end)
    }

    /// Whether an element of this name is a row where these elements are open: a child of the first `return` of the
    /// first answer of this operation in the first body.
    pub(super) fn begin(open: &[Element], name: &str, answer: &str) -> bool {
        let [envelope, body, response, returned] = open else { return false };
        name == ROW
            && body.name == "Body"
            && response.name == answer
            && returned.name == "return"
            && envelope.child("Body").is_none()
            && body.child(answer).is_none()
            && response.child("return").is_none()
    }

    /// Reads a row of the document whose start has been read, to its end. Tells how many elements it had.
    pub(super) fn read(
        &mut self,
        document: &str,
        reader: &mut Reader<&[u8]>,
        outside: usize,
        most: usize,
    ) -> Result<usize, String> {
        let mut row = Reading { rows: self, column: 0, same: true, names: Vec::new() };
        let first = row.rows.ends.len();
        let mut count = row.plain(document, reader, most);
        // How deep below the row, and whether the column that is open has elements of its own.
        let (mut depth, mut nested) = (0, false);
        loop {
            let event = reader.read_event().map_err(|error| format!("not XML: {error}"))?;
            match event {
                Event::Start(start) | Event::Empty(start) if outside + depth >= DEEPEST => {
                    drop(start);
                    return Err("nested too deeply".to_owned());
                }
                Event::Start(start) => {
                    count += 1 + attributes(&start)?.len();
                    match depth {
                        0 => row.name(start.local_name().as_ref()),
                        _ => nested = true,
                    }
                    depth += 1;
                }
                Event::Empty(start) => {
                    count += 1 + attributes(&start)?.len();
                    match depth {
                        0 => {
                            row.name(start.local_name().as_ref());
                            row.end(false);
                        }
                        _ => nested = true,
                    }
                }
                Event::End(_) => match depth {
                    0 => break,
                    1 => {
                        row.end(nested);
                        (depth, nested) = (0, false);
                    }
                    _ => depth -= 1,
                },
                Event::Text(part) => row.append(depth, &part.xml10_content()),
                Event::CData(part) => row.append(depth, &part.xml10_content()),
                Event::GeneralRef(reference) => row.append(depth, &resolved(&reference)?),
                Event::DocType(_) => return Err("it holds a document type definition".to_owned()),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => return Err("it ends too early".to_owned()),
            }
            if count > most {
                break;
            }
        }
        row.finish(first);
        Ok(count)
    }

    /// A row without columns.
    pub(super) fn none(&mut self) {
        let first = self.ends.len();
        Reading { rows: self, column: 0, same: true, names: Vec::new() }.finish(first);
    }
}

/// A row that is being read.
struct Reading<'r> {
    rows: &'r mut Rows,
    /// Columns so far.
    column: usize,
    /// Whether all of them are named as those of the row before.
    same: bool,
    /// Their names, where they are not.
    names: Vec<String>,
}

impl Reading<'_> {
    /// Takes the columns that stand as nearly all do: named as in the row before, without attributes and elements of their
    /// own. The first that does not, and all behind it, is for the reader of XML. Tells how many.
    fn plain(&mut self, document: &str, reader: &mut Reader<&[u8]>, most: usize) -> usize {
        let Rows { layouts, text, ends, .. } = &mut *self.rows;
        let names = layouts.last().map_or(&[][..], Vec::as_slice);
        let whole = ahead(document, reader);
        let mut rest = whole;
        for name in names.iter().take(most) {
            let Some(behind) = leaf::take(rest, name, text) else { break };
            ends.push(text.len());
            rest = behind;
            self.column += 1;
        }
        reader.stream().consume(whole.len() - rest.len());
        self.column
    }

    fn name(&mut self, name: &str) {
        let before = self.rows.layouts.last().map_or(&[][..], Vec::as_slice);
        if self.same && before.get(self.column).is_none_or(|own| own != name) {
            self.names = before.iter().take(self.column).cloned().collect();
            self.same = false;
        }
        if !self.same {
            self.names.push(name.to_owned());
        }
        self.column += 1;
    }

    /// Of a column that holds elements no text counts.
    fn end(&mut self, nested: bool) {
        if nested {
            self.rows.text.truncate(self.rows.ends.last().copied().unwrap_or(0));
        }
        self.rows.ends.push(self.rows.text.len());
    }

    /// What stands between columns, or deeper than one, is nobody's text.
    fn append(&mut self, depth: usize, part: &str) {
        if depth == 1 {
            self.rows.text.push_str(part);
        }
    }

    fn finish(self, first: usize) {
        let known = self.rows.layouts.last().map(Vec::len);
        if !self.same {
            self.rows.layouts.push(self.names);
        } else if known != Some(self.column) {
            let before = self.rows.layouts.last().map_or(&[][..], Vec::as_slice);
            let names = before.iter().take(self.column).cloned().collect();
            self.rows.layouts.push(names);
        }
        self.rows.begins.push((self.rows.layouts.len().saturating_sub(1), first));
    }
}

#[cfg(test)]
mod tests {
    use super::super::Element;
    use super::super::reading::DEEPEST;
    use super::Rows;

    fn read(inside: &str) -> Result<Rows, String> {
        let text = format!(
            "<e:Envelope xmlns:e='x'><e:Body><n:qResponse xmlns:n='y'><return>{inside}</return></n:qResponse></e:Body></e:Envelope>"
        );
        let (root, rows) = Element::with_rows(text.as_bytes(), "qResponse")?;
        assert_eq!(root.name, "Envelope");
        Ok(rows)
    }

    fn cells(rows: &Rows, name: &str) -> Vec<Option<String>> {
        rows.iter().map(|row| row.cell(name).map(str::to_owned)).collect()
    }

    #[test]
    fn cells_are_found_by_name_whatever_its_case_and_the_shape_of_the_row() {
        let rows = read(
            "<row><a>1</a><b>x &amp; y</b></row><row><A>2</A><b/></row><row><b><![CDATA[<3>]]></b></row><row/>\
             <n:row xmlns:n='z'><n:a> 5 </n:a><b xmlns:i='i' i:nil='true'/><c>6</c></n:row><other><row><a>7</a></row></other>\
             <row>loose<a>8<deep>9</deep>8</a></row><row><a>10</a><b>11</b></row>",
        )
        .unwrap();
        let text = |text: &str| Some(text.to_owned());
        let expected = [text("1"), text("2"), None, None, text(" 5 "), text(""), text("10")];
        assert_eq!(cells(&rows, "a"), expected);
        let expected = [text("x & y"), text(""), text("<3>"), None, text(""), None, text("11")];
        assert_eq!(cells(&rows, "B"), expected);
    }

    #[test]
    fn a_tree_of_the_same_document_has_the_same_rows() {
        let inside = "<row><a>1</a><a>2</a></row><Row><a>3</a></Row><row><b>&#9;4\r\n</b></row>";
        let tree = Element::parse(format!("<return>{inside}</return>").as_bytes()).unwrap();
        let of_tree: Vec<_> =
            tree.all("row").map(|row| row.child("b").map(Element::value)).collect();
        let rows = read(inside).unwrap();
        let of_rows: Vec<_> = rows.iter().map(|row| row.cell("b")).collect();
        assert_eq!(of_rows, of_tree);
        assert_eq!(cells(&rows, "a"), [Some("1".to_owned()), None], "the first of its name");
    }

    #[test]
    fn what_is_unusual_in_a_row_is_read_as_xml_wherever_it_stands() {
        let unusual = [
            "<row><a>1</a><b>x &amp; y</b><c>3</c></row>",
            "<row><a>1</a><b><![CDATA[<b>]]></b><c/></row>",
            "<row><a>1</a><b>l\r\nm\rn</b><c>3</c></row>",
            "<row><a> 1</a> <b i='x'>2</b><!-- 2 --><c>> ]</c></row>",
            "<row><a>1</a><b>2<d>9</d></b><c>3</c></row>",
            "<row><a>1</a><b>2</b ><c >3</c></row>",
            "<row><a>1</a><bc>2</bc><c>3</c></row>",
            "<row><a>1</a><b>2</b><c>3</c><e>4</e></row>",
            "<row><a>1</a></row>",
            "<row/>",
        ];
        for row in unusual {
            // Behind rows that are as they mostly are, and before one.
            let usual = "<row><a>7</a><b/><c>\u{159}</c></row>";
            let inside = format!("{usual}{usual}{row}{usual}");
            let tree = Element::parse(format!("<return>{inside}</return>").as_bytes()).unwrap();
            let rows = read(&inside).unwrap();
            for name in ["a", "b", "c", "bc", "e"] {
                let of_tree: Vec<_> =
                    tree.all("row").map(|row| row.child(name).map(Element::value)).collect();
                let of_rows: Vec<_> = rows.iter().map(|row| row.cell(name)).collect();
                assert_eq!(of_rows, of_tree, "{name} of {row}");
            }
        }
        for broken in ["<row><a>1</b></row>", "<row><a>1</a><b>2</a></row>", "<row><a>1</a>"] {
            assert!(read(&format!("<row><a>7</a><b/></row>{broken}")).is_err(), "{broken}");
        }
    }

    #[test]
    fn rows_stand_in_the_first_answer_of_the_operation_alone() {
        let row = "<return><row><a>1</a></row></return>";
        for (text, count) in [
            (format!("<E><Body><qResponse>{row}{row}</qResponse></Body></E>"), 1),
            (format!("<E><Body><qResponse/><qResponse>{row}</qResponse></Body></E>"), 0),
            (format!("<E><Body/><Body><qResponse>{row}</qResponse></Body></E>"), 0),
            (format!("<E><Body><oResponse>{row}</oResponse></Body></E>"), 0),
            (format!("<E><Body><qResponse><x>{row}</x></qResponse></Body></E>"), 0),
        ] {
            let (_, rows) = Element::with_rows(text.as_bytes(), "qResponse").unwrap();
            assert_eq!(rows.iter().count(), count, "{text}");
        }
    }

    #[test]
    fn hostile_rows_are_refused() {
        let deep = format!("<row>{}{}</row>", "<a>".repeat(DEEPEST), "</a>".repeat(DEEPEST));
        let attributes: Vec<String> = (0..65).map(|at| format!("a{at}='1'")).collect();
        let attributes = format!("<row><a {}/></row>", attributes.join(" "));
        for inside in [
            &deep,
            &attributes,
            "<row><a>&#0;</a></row>",
            "<row><a>\u{1}</a></row>",
            "<row>\u{1}</row>",
            "<row><a b='&#8;'/></row>",
            "<row b='&#8;'/>",
            "<row><a>&b;</a></row>",
            "<row><a></row></a>",
            "<row><a>",
            "<row><!DOCTYPE a></row>",
        ] {
            assert!(read(inside).is_err(), "{inside}");
        }
        assert!(read(&format!("<row>{}</row>", "<b/>".repeat(1_000_000))).is_err());
        assert!(read(&"<row><b/></row>".repeat(500_001)).is_err());
        assert!(read(&"<row><b/></row>".repeat(400_000)).is_ok());
    }
}
