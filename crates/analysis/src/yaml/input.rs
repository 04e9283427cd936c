//! The input of the parser: its own reader of strings, with a shorter lookahead.
//!
//! The parser reserves memory for a whole lookahead in each plain scalar. With the lookahead of its own reader, 128,
//! it has to reallocate for every key and value; with this one for few.

use saphyr_parser::input::SkipTabs;
use saphyr_parser::{Input, StrInput};

/// How many characters the parser may look ahead. The parser's reader of streams uses the same number.
const LOOKAHEAD: usize = 16;

/// A text to parse, with the shorter lookahead.
pub(super) struct ParserInput<'t>(StrInput<'t>);

impl<'t> ParserInput<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self(StrInput::new(text))
    }
}

macro_rules! delegate {
    ($(fn $name:ident(&$($own:ident)+ $(, $argument:ident: $takes:ty)*) $(-> $gives:ty)?;)*) => {$(
        #[inline]
        fn $name(&$($own)+ $(, $argument: $takes)*) $(-> $gives)? {
            delegate!(@$($own)+).$name($($argument),*)
        }
    )*};
    (@$own:ident) => { $own.0 };
    (@mut $own:ident) => { $own.0 };
}

impl Input for ParserInput<'_> {
    #[inline]
    fn bufmaxlen(&self) -> usize {
        LOOKAHEAD
    }

    delegate! {
        fn lookahead(&mut self, count: usize);
        fn buflen(&self) -> usize;
        fn buf_is_empty(&self) -> bool;
        fn raw_read_ch(&mut self) -> char;
        fn raw_read_non_breakz_ch(&mut self) -> Option<char>;
        fn skip(&mut self);
        fn skip_n(&mut self, count: usize);
        fn peek(&self) -> char;
        fn peek_nth(&self, at: usize) -> char;
        fn peek_opt(&self) -> Option<char>;
        fn look_ch(&mut self) -> char;
        fn next_char_is(&self, one: char) -> bool;
        fn nth_char_is(&self, at: usize, one: char) -> bool;
        fn next_2_are(&self, one: char, two: char) -> bool;
        fn next_3_are(&self, one: char, two: char, three: char) -> bool;
        fn next_is_document_indicator(&self) -> bool;
        fn next_is_document_start(&self) -> bool;
        fn next_is_document_end(&self) -> bool;
        fn skip_ws_to_eol(&mut self, tabs: SkipTabs) -> (usize, Result<SkipTabs, &'static str>);
        fn next_can_be_plain_scalar(&self, in_flow: bool) -> bool;
        fn next_is_blank_or_break(&self) -> bool;
        fn next_is_blank_or_breakz(&self) -> bool;
        fn next_is_blank(&self) -> bool;
        fn next_is_break(&self) -> bool;
        fn next_is_breakz(&self) -> bool;
        fn next_is_z(&self) -> bool;
        fn next_is_flow(&self) -> bool;
        fn next_is_digit(&self) -> bool;
        fn next_is_alpha(&self) -> bool;
        fn skip_while_non_breakz(&mut self) -> usize;
        fn skip_while_blank(&mut self) -> usize;
        fn fetch_while_is_alpha(&mut self, out: &mut String) -> usize;
        fn fetch_while_is_yaml_non_space(&mut self, out: &mut String) -> usize;
    }
}
