use myelon::codec::{DecodeError, EncodeError, ZeroCopy};

enum Text {}

impl ZeroCopy<String> for Text {
    type Target = str;
    const NAME: &'static str = "text";

    fn encode(text: &String, out: &mut [u8]) -> Result<usize, EncodeError> {
        out.get_mut(..text.len()).ok_or(EncodeError::Full)?.copy_from_slice(text.as_bytes());
        Ok(text.len())
    }

    fn view(bytes: &[u8]) -> Result<&str, DecodeError> {
        std::str::from_utf8(bytes).map_err(|error| DecodeError::caused("is no text", error))
    }
}

#[myelon::channel(capacity = "1 MiB", owned = true)]
enum Feed {
    Note([u8]),
    #[zero_copy(Text)]
    Title(String),
}

fn main() {}
