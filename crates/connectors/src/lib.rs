//! One module per outside system behind capability traits.
