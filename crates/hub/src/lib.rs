//! The server through which edits reach CMMS and ERP exactly once.
