//! Sizes in bytes with a unit: `"4 MiB"`.

const UNITS: [(&str, u32); 5] = [("B", 0), ("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)];

/// How many bytes a text like `4 MiB` means; or what to write instead.
pub(crate) fn bytes(key: &str, text: &str) -> Result<u128, String> {
    let trimmed = text.trim();
    let digits = trimmed.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(digits);
    let unit = unit.trim();
    let Ok(count) = number.replace('_', "").parse::<u64>() else { return Err(explain(key, text)) };
    if unit.is_empty() {
        return Err(format!(
            "write a number of bytes without quotes, `{key} = {number}`, or with a unit, `{key} = \"{number} KiB\"`"
        ));
    }
    if let Some((_, shift)) = UNITS.iter().find(|(name, _)| *name == unit) {
        return Ok(u128::from(count) << shift);
    }
    let lower = unit.to_lowercase();
    let thousands = matches!(lower.as_str(), "k" | "m" | "g" | "t" | "kb" | "mb" | "gb" | "tb");
    let misspelt = UNITS.iter().any(|(name, _)| name.to_lowercase() == lower);
    let meant = UNITS.iter().find(|(name, _)| name.to_lowercase().chars().next() == lower.chars().next());
    if let Some((name, _)) = meant.filter(|_| thousands || misspelt) {
        let why = if thousands { "counts in thousands" } else { "is no unit" };
        return Err(format!("`{unit}` {why}; write `{key} = \"{count} {name}\"`"));
    }
    Err(explain(key, text))
}

fn explain(key: &str, text: &str) -> String {
    format!(
        "`{text}` is no size; `{key}` takes a whole number and a unit, `{key} = \"4 MiB\"`, with B, KiB, MiB or GiB, or a \
         number of bytes without quotes"
    )
}

/// The size as a person writes it: in the largest unit that leaves it whole.
pub(crate) fn written(bytes: u128) -> String {
    let (name, shift) = UNITS
        .into_iter()
        .rev()
        .find(|(_, shift)| bytes != 0 && bytes.trailing_zeros() >= *shift)
        .unwrap_or(("B", 0));
    format!("{} {name}", bytes >> shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit_with_or_without_a_space() {
        for (text, meant) in [
            ("4 MiB", 4 << 20),
            ("4MiB", 4 << 20),
            ("64 KiB", 64 << 10),
            ("1 GiB", 1 << 30),
            ("256 B", 256),
            (" 1_024  B ", 1024),
            ("18446744073709551615 TiB", u128::from(u64::MAX) << 40),
        ] {
            assert_eq!(bytes("capacity", text), Ok(meant), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_says_what_to_write() {
        for (text, instead) in [
            ("4 MB", "\"4 MiB\""),
            ("4M", "\"4 MiB\""),
            ("64kb", "\"64 KiB\""),
            ("4 mib", "\"4 MiB\""),
            ("4096", "`capacity = 4096`"),
            ("1.5 MiB", "whole number"),
            ("MiB", "whole number"),
            ("-1 MiB", "whole number"),
            ("4 miles", "whole number"),
            ("", "whole number"),
            ("99999999999999999999 B", "whole number"),
        ] {
            let error = bytes("capacity", text).unwrap_err();
            assert!(error.contains(instead), "{text}: {error}");
        }
    }

    #[test]
    fn sizes_are_told_in_the_largest_unit() {
        for (bytes, text) in
            [(0, "0 B"), (1, "1 B"), (1000, "1000 B"), (3 << 20, "3 MiB"), (1 << 36, "64 GiB")]
        {
            assert_eq!(written(bytes), text);
        }
    }
}
