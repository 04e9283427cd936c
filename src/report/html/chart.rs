//! Charts of answers, drawn here as SVG: nothing is summed, rounded or averaged.
