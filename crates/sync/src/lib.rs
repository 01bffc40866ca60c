//! The whole contract between desk and hub, without input or output.
