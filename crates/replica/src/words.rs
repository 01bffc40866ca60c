//! Words: how text becomes what a search compares, the same for what is stored and what is typed.
//!
//! A token is a run of letters and digits without case and accents. A number is also kept without
//! its dashes, dots and spaces, so it is found either way.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Most tokens of one row: the words of a long description, not of a book.
const TOKENS_MAX: usize = 400;
/// Most words of a query that are looked for.
const WORDS_MAX: usize = 8;
/// Lengths of words that a typo is compared with, in letters.
pub(crate) const SPELT_MIN: usize = 4;
pub(crate) const SPELT_MAX: usize = 24;

/// What a row is found by.
#[derive(Debug, Default)]
pub(crate) struct Words(BTreeSet<String>);

impl Words {
    /// Adds words as written; what is a number among them also without its dashes.
    pub(crate) fn add(&mut self, text: &str) {
        for word in fold(text).split_whitespace() {
            let parts = tokens(word);
            if parts.len() > 1 && word.contains(|letter: char| letter.is_ascii_digit()) {
                self.insert(parts.concat());
            }
            for part in parts {
                self.insert(part);
            }
        }
    }

    /// Adds a number, also without anything between its letters and digits.
    pub(crate) fn add_number(&mut self, number: &str) {
        self.add(number);
        self.insert(tokens(&fold(number)).concat());
    }

    fn insert(&mut self, token: String) {
        if !token.is_empty() && self.0.len() < TOKENS_MAX {
            self.0.insert(token);
        }
    }

    /// The tokens as the index takes them.
    pub(crate) fn text(&self) -> String {
        let tokens: Vec<&str> = self.0.iter().map(String::as_str).collect();
        tokens.join(" ")
    }

    /// Words a typo may have meant.
    pub(crate) fn spelt(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .map(String::as_str)
            .filter(|word| is_spelt(word))
    }
}

/// What somebody looks for, at least one word.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    /// Each word with what else it may mean.
    words: Vec<Vec<Word>>,
}

/// One reading of a word: its tokens, all of which must be there, or all of them as one number.
#[derive(Debug, Clone)]
struct Word(Vec<String>);

impl Query {
    /// `None` when nothing of the text can be looked for.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let words: Vec<Vec<Word>> = fold(text)
            .split_whitespace()
            .map(tokens)
            .filter(|tokens| !tokens.is_empty())
            .take(WORDS_MAX)
            .map(|tokens| vec![Word(tokens)])
            .collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// Rows with all words as they are.
    pub(crate) fn whole(&self) -> String {
        self.expression("")
    }

    /// Rows in which something begins with each word; among them all of [`Self::whole`].
    pub(crate) fn begins(&self) -> String {
        self.expression("*")
    }

    /// Rows of [`Self::begins`] that are not in [`Self::whole`].
    pub(crate) fn only_begins(&self) -> String {
        format!("({}) NOT ({})", self.begins(), self.whole())
    }

    fn expression(&self, end: &str) -> String {
        let words: Vec<String> = self
            .words
            .iter()
            .map(|readings| {
                let readings: Vec<String> =
                    readings.iter().map(|word| word.expression(end)).collect();
                format!("({})", readings.join(" OR "))
            })
            .collect();
        let all = words.join(" AND ");
        match self.as_one_number() {
            Some(number) => format!("({all}) OR \"{number}\"{end}"),
            None => all,
        }
    }

    /// The whole query as one number typed with spaces.
    fn as_one_number(&self) -> Option<String> {
        let tokens: Vec<&str> = self
            .words
            .iter()
            .filter_map(|readings| readings.first())
            .flat_map(|word| word.0.iter().map(String::as_str))
            .collect();
        let number = tokens.concat();
        let is_number = number.contains(|letter: char| letter.is_ascii_digit());
        (self.words.len() > 1 && is_number).then_some(number)
    }

    /// Words that may be misspelt, with their place in the query.
    pub(crate) fn spelt(&self) -> Vec<(usize, String)> {
        let single = |readings: &[Word]| match readings {
            [Word(tokens)] => match tokens.as_slice() {
                [token] if is_spelt(token) => Some(token.clone()),
                _ => None,
            },
            _ => None,
        };
        let words = self.words.iter().enumerate();
        words
            .filter_map(|(place, readings)| Some((place, single(readings)?)))
            .collect()
    }

    /// The query with other words in place of one.
    pub(crate) fn with(mut self, place: usize, meant: Vec<String>) -> Self {
        if let Some(readings) = self.words.get_mut(place) {
            *readings = meant.into_iter().map(|word| Word(vec![word])).collect();
        }
        self
    }

    /// The first reading of every word, for people.
    pub(crate) fn text(&self) -> String {
        let words: Vec<String> = self
            .words
            .iter()
            .filter_map(|readings| readings.first())
            .map(|word| word.0.join("-"))
            .collect();
        words.join(" ")
    }
}

impl Word {
    fn expression(&self, end: &str) -> String {
        let Some((last, first)) = self.0.split_last() else {
            return String::new();
        };
        if first.is_empty() {
            return format!("\"{last}\"{end}");
        }
        let parts: String = first
            .iter()
            .map(|part| format!("\"{part}\" AND "))
            .collect();
        format!("\"{}\"{end} OR ({parts}\"{last}\"{end})", self.0.concat())
    }
}

/// Looks for one word as it begins.
pub(crate) fn beginning(word: &str) -> String {
    format!("\"{word}\"*")
}

/// How far a word may be from one that is meant; short ones have too many neighbours.
pub(crate) fn typo_max(word: &str) -> usize {
    if word.chars().count() < 8 { 1 } else { 2 }
}

/// The nearest of the words, at most `limit`; none beyond [`typo_max`].
pub(crate) fn nearest(wanted: &str, words: &[String], limit: usize) -> Vec<String> {
    let max = typo_max(wanted);
    let letters = letters_of(wanted);
    let mut near: Vec<(usize, &String)> = words
        .iter()
        // Every edit changes at most two letters of the set; most words end here.
        .filter(|word| (letters_of(word) ^ letters).count_ones() as usize <= 2 * max)
        .map(|word| (strsim::osa_distance(wanted, word), word))
        .filter(|(distance, _)| *distance <= max)
        .collect();
    near.sort();
    let best = near.first().map(|(distance, _)| *distance);
    near.into_iter()
        .take_while(|(distance, _)| Some(*distance) == best)
        .take(limit)
        .map(|(_, word)| word.clone())
        .collect()
}

/// Which letters a word holds, one bit each.
fn letters_of(word: &str) -> u64 {
    word.chars()
        .fold(0, |set, letter| set | 1 << (u32::from(letter) % 64))
}

fn is_spelt(word: &str) -> bool {
    (SPELT_MIN..=SPELT_MAX).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic)
}

/// Without case and accents.
fn fold(text: &str) -> String {
    text.replace(['ß', 'ẞ'], "ss")
        .nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .filter(|letter| !is_combining_mark(*letter))
        .collect()
}

fn tokens(word: &str) -> Vec<String> {
    word.split(|letter: char| !letter.is_alphanumeric())
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect()
}
