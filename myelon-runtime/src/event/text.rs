//! Sentences put together while compiling: `panic!` in a constant takes a string, but formats no numbers.

/// A sentence of up to [`Text::ROOM`] bytes; what does not fit is left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    bytes: [u8; Self::ROOM],
    len: usize,
}

impl Text {
    const ROOM: usize = 512;

    /// Begins a sentence.
    pub(crate) const fn new(text: &str) -> Self {
        Self { bytes: [0; Self::ROOM], len: 0 }.text(text)
    }

    /// Appends words.
    #[must_use]
    #[allow(clippy::indexing_slicing, reason = "the index is compared with the room on the line above")]
    pub(crate) const fn text(mut self, text: &str) -> Self {
        let mut rest = text.as_bytes();
        while let [byte, tail @ ..] = rest {
            if self.len < Self::ROOM {
                self.bytes[self.len] = *byte;
                self.len += 1;
            }
            rest = tail;
        }
        self
    }

    /// Appends a number in decimal digits.
    #[must_use]
    pub(crate) const fn number(self, number: u64) -> Self {
        let head = if number >= 10 { self.number(number / 10) } else { self };
        head.text(match number % 10 {
            0 => "0",
            1 => "1",
            2 => "2",
            3 => "3",
            4 => "4",
            5 => "5",
            6 => "6",
            7 => "7",
            8 => "8",
            _ => "9",
        })
    }

    /// The sentence.
    pub(crate) const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "the text of this message was cut",
        }
    }

    /// Fails the evaluation with this sentence.
    ///
    /// # Panics
    /// Always; meant for constants.
    #[allow(clippy::panic, reason = "evaluated at compile time only")]
    #[track_caller]
    pub(crate) const fn panic(&self) -> ! {
        panic!("{}", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal() {
        assert_eq!(Text::new("n = ").number(0).text(", ").number(18_446_744_073_709_551_615).as_str(), {
            "n = 0, 18446744073709551615"
        });
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let long = "x".repeat(600);
        assert_eq!(Text::new(&long).as_str().len(), Text::ROOM);
    }
}
