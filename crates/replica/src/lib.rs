//! The device's encrypted store: documents, projections, search and outbox.
