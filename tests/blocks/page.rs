//! A document as this test looks at it: its blocks of commands, and the commands in its sentences.

/// A fenced block of commands.
pub(super) struct Block {
    /// The line of its fence.
    pub(super) line: usize,
    pub(super) is_console: bool,
    pub(super) text: String,
    /// Why it is not run here, and who runs it.
    pub(super) not_run: Option<String>,
}

/// A command of a `console` block, with what has to come of it.
pub(super) struct Typed {
    pub(super) command: String,
    pub(super) code: i32,
    pub(super) shown: Vec<String>,
}

/// The blocks of commands, in their order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let (mut inside, mut open) = (false, false);
    let mut before = "";
    for (at, line) in text.lines().enumerate() {
        if let Some(kind) = line.strip_prefix("```") {
            open = !inside && matches!(kind, "sh" | "console");
            inside = !inside;
            if open {
                let mark = before.strip_prefix("<!-- not run here: ");
                let not_run = mark.and_then(|mark| mark.strip_suffix(" -->")).map(str::to_owned);
                let is_console = kind == "console";
                found.push(Block { line: at + 1, is_console, text: String::new(), not_run });
            }
        } else if let Some(block) = found.last_mut().filter(|_| inside && open) {
            block.text.push_str(line);
            block.text.push('\n');
        }
        if !line.is_empty() {
            before = line;
        }
    }
    found
}

/// What the line says that it ends with.
fn code(line: &str) -> Option<i32> {
    let (_, code) = line.rsplit_once("# exit code ")?;
    Some(code.trim().parse().unwrap_or_else(|_| panic!("no number: {line}")))
}

impl Block {
    /// The block as a script that ends where a line does not end as it should.
    pub(super) fn script(&self) -> String {
        let line = |line: &str| match code(line) {
            Some(code) => format!(
                "code=0; {{ {line}\n}} || code=$?; [ \"$code\" = {code} ] || {{ echo \"ended with $code, not {code}\"; exit 70; }}\n"
            ),
            None => format!("{line}\n"),
        };
        self.text.lines().map(line).collect()
    }

    /// The commands of a `console` block.
    pub(super) fn typed(&self) -> Vec<Typed> {
        let mut found: Vec<Typed> = Vec::new();
        for line in self.text.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                let code = code(command).unwrap_or(0);
                found.push(Typed { command: command.to_owned(), code, shown: Vec::new() });
            } else {
                let typed =
                    found.last_mut().unwrap_or_else(|| panic!("a console block begins with `$ `"));
                typed.shown.push(line.to_owned());
            }
        }
        found
    }
}

/// Without what differs from run to run: names of runs, times, digests of certificates.
fn masked(line: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let word = |word: &str| {
        let (folder, name) =
            word.rsplit_once('/').map_or(("", word), |(folder, name)| (folder, name));
        let day = name.split_once('T').map(|(day, _)| day);
        match day {
            Some(day) if day.len() == 8 && digits(day) => format!("{folder}/RUN"),
            Some(day) if day.len() == 10 && digits(&day.replace('-', "")) => "TIME".to_owned(),
            _ => match word.split_once("sha256:") {
                Some((before, after)) => {
                    let rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit());
                    format!("{before}sha256:{}", rest.trim_start_matches('…'))
                }
                None => word.to_owned(),
            },
        }
    };
    line.trim_end().split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Where what came is not what the document shows. A line `…` stands for any lines that it leaves out.
pub(super) fn difference(shown: &[String], said: &str) -> Option<String> {
    let progress = |line: &&str| line.starts_with("reading ") || line.starts_with("applying ");
    let said: Vec<String> = said.lines().filter(|line| !progress(line)).map(masked).collect();
    let parts: Vec<&[String]> = shown.split(|line| line == "…").collect();
    let last = parts.len() - 1;
    let mut from = 0;
    for (number, part) in parts.iter().enumerate() {
        let wanted: Vec<String> = part.iter().map(|line| masked(line)).collect();
        let fits = |at: usize| said[at..].starts_with(&wanted);
        // The first part stands at the beginning, the last one at the end, what is between them somewhere in this order.
        let end = said.len().checked_sub(wanted.len()).filter(|end| *end >= from);
        let at = match (number, end) {
            (_, None) => None,
            (0, Some(end)) => (fits(0) && (last > 0 || end == 0)).then_some(0),
            (_, Some(end)) if number == last && !wanted.is_empty() => fits(end).then_some(end),
            (_, Some(end)) => (from..=end).find(|at| fits(*at)),
        };
        let Some(at) = at else { return Some(part.join("\n")) };
        from = at + wanted.len();
    }
    None
}

/// The words of the ippactl command in a line of a shell: without what stands before it and behind a pipe or a redirection.
pub(super) fn words_of(line: &str) -> Option<Vec<String>> {
    let (before, _) = line.split_once("ippactl ")?;
    let command = &line[before.len()..];
    let command = if before.ends_with('(') { command.trim_end_matches(')') } else { command };
    // A `;`, `>` or `|` in quotes would be cut here, and none of the examples has one.
    let command = command.split([';', '>', '|', '&', '<']).next()?;
    let words = command.split_whitespace().map(|word| word.trim_matches('\'').to_owned());
    Some(words.collect())
}

/// Commands in sentences and tables, with their lines, but those with a placeholder: a word in capitals, `…`, `[` or `<`.
pub(super) fn inline(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut inside = false;
    for (at, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            inside = !inside;
        }
        let spans = line.split('`').skip(1).step_by(2);
        for span in spans.filter(|span| !inside && span.starts_with("ippactl ")) {
            let words = words_of(span).unwrap();
            let placeholder = |word: &String| {
                let letters = word.chars().filter(char::is_ascii_alphabetic);
                let name = word.trim_start_matches('-');
                let capitals =
                    letters.clone().count() > 1 && letters.clone().all(|c| c.is_ascii_uppercase());
                let value = word
                    .split_once('=')
                    .is_some_and(|(_, v)| v.len() > 1 && v.chars().all(|c| c.is_ascii_uppercase()));
                (capitals && name == *word)
                    || value
                    || word.contains(['…', '[', '<', '/', '{', '$'])
            };
            if !words.iter().any(placeholder) {
                found.push((at + 1, words));
            }
        }
    }
    found
}

/// A sentence may name a command without what it needs: `ippactl capture`.
pub(super) fn names_a_command_alone(error: &clap::Error) -> bool {
    use clap::error::ErrorKind::{
        DisplayHelpOnMissingArgumentOrSubcommand, MissingRequiredArgument, MissingSubcommand,
    };
    matches!(
        error.kind(),
        MissingRequiredArgument | MissingSubcommand | DisplayHelpOnMissingArgumentOrSubcommand
    )
}
