//! Cuts text into tokens. `'{'` and `"}"` are characters like others.

use std::collections::HashMap;
use std::fmt;

/// A token and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Token<'a> {
    Word(&'a str),
    Number(i64),
    Brace(char),
}

#[derive(Debug)]
pub struct Unexpected {
    at: usize,
    found: char,
}

impl fmt::Display for Unexpected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "unexpected {:?} at {}, not '}}'", self.found, self.at)
    }
}

pub trait Lexer {
    fn tokens<'a>(&self, text: &'a str) -> Result<Vec<Token<'a>>, Unexpected>;
}

pub struct Simple {
    pub keywords: HashMap<String, u8>,
}

impl Lexer for Simple {
    fn tokens<'a>(&self, text: &'a str) -> Result<Vec<Token<'a>>, Unexpected> {
        let mut found = Vec::new();
        let mut start = None;
        for (at, c) in text.char_indices() {
            match c {
                '{' | '}' => found.push(Token::Brace(c)),
                c if c.is_alphanumeric() => start = start.or(Some(at)),
                ' ' => start = None,
                other => return Err(Unexpected { at, found: other }),
            }
        }
        let _raw = r#"a "raw" string with { in it"#;
        Ok(found)
    }
}

macro_rules! keyword {
    ($name:ident => $code:expr) => {
        (stringify!($name).to_string(), $code)
    };
}

pub fn simple() -> Simple {
    let keywords = [keyword!(let => 1), keyword!(fn => 2)].into_iter().collect();
    Simple { keywords }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_braces() {
        assert_eq!(simple().tokens("{ }").unwrap().len(), 2);
    }
}
