//! Text as man(7) has it: nothing of a text is taken for a command of roff.

/// A manual page that is being written.
#[derive(Debug, Default)]
pub struct Roff(String);

impl Roff {
    /// A page of section 1, with the name in its head.
    pub fn new(name: &str, date: &str, source: &str) -> Self {
        let mut roff = Self::default();
        roff.command(
            ".\\\" Written by `ippactl man`: change the help texts of the command line, not this.",
        );
        let title = escaped(&name.to_uppercase());
        roff.command(&format!(
            ".TH \"{title}\" 1 \"{date}\" \"{}\" \"User Commands\"",
            escaped(source)
        ));
        roff
    }

    /// A line for roff itself.
    pub fn command(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// A section.
    pub fn section(&mut self, title: &str) {
        self.command(&format!(".SH \"{}\"", escaped(&title.to_uppercase())));
    }

    /// A part of a section.
    pub fn part(&mut self, title: &str) {
        self.command(&format!(".SS \"{}\"", escaped(title)));
    }

    /// A line of text; what stands between backticks is bold.
    pub fn text(&mut self, text: &str) {
        for (at, line) in text.lines().enumerate() {
            if at > 0 {
                self.command(".br");
            }
            for line in broken(&marked(line)) {
                self.command(&guarded(&line));
            }
        }
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str) {
        // A section begins one by itself.
        if !self.0.lines().next_back().is_some_and(|line| line.starts_with(".SH")) {
            self.command(".PP");
        }
        self.text(text);
    }

    /// A term in bold, and what it means.
    pub fn term(&mut self, term: &str, meaning: &str) {
        let term = escaped(term);
        self.command(&format!(".TP\n\\fB{term}\\fR"));
        self.text(meaning);
    }

    /// Lines as they stand.
    pub fn verbatim(&mut self, lines: &[String]) {
        self.command(".PP\n.RS 4\n.EX");
        for line in lines {
            self.command(&guarded(&escaped(line)));
        }
        self.command(".EE\n.RE");
    }

    /// The page.
    pub fn finish(self) -> String {
        self.0
    }
}

/// Nothing of it means something to roff; a hyphen stays one that can be copied.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\e"),
            '-' => escaped.push_str("\\-"),
            '"' => escaped.push_str("\\(dq"),
            '\'' => escaped.push_str("\\(aq"),
            '`' => escaped.push_str("\\(ga"),
            '^' => escaped.push_str("\\(ha"),
            '~' => escaped.push_str("\\(ti"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A line that would begin like a command does not.
fn guarded(line: &str) -> String {
    if line.starts_with('.') { format!("\\&{line}") } else { line.to_owned() }
}

fn marked(line: &str) -> String {
    let mut marked = String::new();
    let pieces: Vec<&str> = line.split('`').collect();
    let paired = pieces.len() % 2 == 1;
    for (at, piece) in pieces.iter().enumerate() {
        if paired && at % 2 == 1 {
            marked.push_str("\\fB");
            marked.push_str(&escaped(piece));
            marked.push_str("\\fR");
        } else {
            marked.push_str(&escaped(piece));
        }
    }
    marked
}

/// Lines of a length that an editor shows; roff fills them again.
fn broken(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let fits = lines.last().is_some_and(|line| {
            line.is_empty() || line.chars().count() + 1 + word.chars().count() <= 78
        });
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if fits => line.extend([" ", word]),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Roff, escaped};

    #[test]
    fn nothing_is_taken_for_a_command() {
        let mut roff = Roff::default();
        roff.text(".SH evil\n'quoted\nrun `sso login` with C:\\x -v");
        let text = roff.finish();
        assert_eq!(
            text,
            "\\&.SH evil\n.br\n\\(aqquoted\n.br\nrun \\fBsso login\\fR with C:\\ex \\-v\n"
        );
        assert_eq!(escaped("`~^\""), "\\(ga\\(ti\\(ha\\(dq");
    }
}
