//! The ASCII name of a phone service: CUCM keeps one beside every name, for phones that show nothing else.

/// The longest, in characters (AXL 9.1 schema, database rules).
const LONGEST: usize = 32;

/// The name in ASCII: Latin letters without their marks, common punctuation in its plain form, everything else left
/// out, and neither quote nor backtick. Empty where nothing remains.
pub fn ascii_name(name: &str) -> String {
    let mut plain = String::new();
    for letter in name.chars() {
        match letter {
            '"' | '`' => {}
            ' '..='~' => plain.push(letter),
            _ => plain.push_str(transliterated(letter)),
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    // ASCII has one byte per character, so any cut is between two.
    let mut plain = words.join(" ");
    plain.truncate(LONGEST);
    plain.truncate(plain.trim_end().len());
    plain
}

fn transliterated(letter: char) -> &'static str {
    match letter {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'Æ' => "AE",
        'æ' => "ae",
        'Ç' | 'Ć' | 'Č' | 'Ċ' => "C",
        'ç' | 'ć' | 'č' | 'ċ' => "c",
        'Ď' | 'Đ' | 'Ð' => "D",
        'ď' | 'đ' | 'ð' => "d",
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' => "E",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'Ğ' | 'Ģ' | 'Ġ' => "G",
        'ğ' | 'ģ' | 'ġ' => "g",
        'Ħ' => "H",
        'ħ' => "h",
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ī' | 'Į' | 'İ' => "I",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'Ķ' => "K",
        'ķ' => "k",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => "L",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' | 'Ō' | 'Ő' => "O",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'Œ' => "OE",
        'œ' => "oe",
        'Ŕ' | 'Ř' => "R",
        'ŕ' | 'ř' => "r",
        'Ś' | 'Ş' | 'Š' | 'Ș' => "S",
        'ś' | 'ş' | 'š' | 'ș' => "s",
        'ẞ' => "SS",
        'ß' => "ss",
        'Ţ' | 'Ť' | 'Ț' => "T",
        'ţ' | 'ť' | 'ț' => "t",
        'Þ' => "TH",
        'þ' => "th",
        'Ù' | 'Ú' | 'Û' | 'Ü' | 'Ū' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'Ý' | 'Ÿ' => "Y",
        'ý' | 'ÿ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        '‐' | '‑' | '–' | '—' => "-",
        '‘' | '’' => "'",
        '…' => "...",
        '\u{a0}' | '\t' => " ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::ascii_name;

    #[test]
    fn letters_lose_their_marks_and_the_rest_is_left_out() {
        for (name, ascii) in [
            ("Cisco Finesse", "Cisco Finesse"),
            ("O'Brien & Söhne 50% <x>", "O'Brien & Sohne 50% <x>"),
            ("Příliš žluťoučký kůň", "Prilis zlutoucky kun"),
            ("Straße – Łódź", "Strasse - Lodz"),
            ("Finesse „Süd“ `1`", "Finesse Sud 1"),
            ("Финесс 2", "2"),
            ("電話", ""),
        ] {
            assert_eq!(ascii_name(name), ascii, "{name}");
        }
        assert_eq!(ascii_name(&"ß".repeat(32)), "s".repeat(32));
        assert_eq!(ascii_name(&format!("{} ß", "x".repeat(31))), "x".repeat(31));
    }
}
