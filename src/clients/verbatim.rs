//! The text of one element as it came, for what has to be written back byte for byte.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The text between the tags of the first element of this local name. An element inside that uses a prefix declared
/// outside would mean nothing on its own, so such text is refused.
pub(super) fn between(text: &str, name: &str) -> Result<Option<String>, String> {
    let mut reader = Reader::from_str(text);
    let mut open: Option<(usize, usize)> = None;
    let mut depth = 0_usize;
    let position = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(0);
    loop {
        let before = position(&reader);
        let event = reader.read_event().map_err(|error| format!("not XML: {error}"))?;
        match event {
            Event::Start(start) => {
                if open.is_some() {
                    unprefixed(&start)?;
                } else if start.local_name().as_ref() == name {
                    open = Some((position(&reader), depth));
                }
                depth += 1;
            }
            Event::Empty(start) if open.is_some() => unprefixed(&start)?,
            Event::Empty(start) if start.local_name().as_ref() == name => {
                return Ok(Some(String::new()));
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if let Some((begin, at)) = open
                    && at == depth
                {
                    return Ok(Some(text.get(begin..before).unwrap_or_default().to_owned()));
                }
            }
            Event::Eof => return Ok(None),
            Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

fn unprefixed(start: &BytesStart<'_>) -> Result<(), String> {
    let declared =
        |name: &str| name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xml:");
    let foreign = |name: &str| name.contains(':') && !declared(name);
    let attributes = start.attributes().flatten();
    if foreign(start.name().as_ref()) || attributes.into_iter().any(|a| foreign(a.key.as_ref())) {
        return Err("an element of it has a prefix, and cannot be written back as it is".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn what_stands_inside_is_kept_as_it_came() {
        let text = "<s:a xmlns:s='x'><v> <b c='1' >&amp;</b><d/>\n</v></s:a>";
        assert_eq!(between(text, "v").unwrap().as_deref(), Some(" <b c='1' >&amp;</b><d/>\n"));
        assert_eq!(between("<a><v/></a>", "v").unwrap().as_deref(), Some(""));
        assert_eq!(between("<a/>", "v").unwrap(), None);
        let foreign = "<a xmlns:i='y'><v><b i:nil='true'/></v></a>";
        assert!(between(foreign, "v").is_err());
    }
}
