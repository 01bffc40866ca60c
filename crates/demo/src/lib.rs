//! A small built-in CMMS and ERP behind HTTP, for demonstrations and tests.
