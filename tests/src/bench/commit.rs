//! An edit's commit beside the least that makes its change durable.

use std::time::Instant;

use fettle_document::Edit;
use fettle_domain::WorkOrderId;

use super::desk::Desk;
use super::line::{Line, median};
use super::raw::Raw;

/// Commits of ours, timed one by one.
pub(super) struct Commits {
    raw: Raw,
    ours_ms: Vec<f64>,
}

impl Commits {
    pub(super) fn beside(raw: Raw) -> Self {
        Self {
            raw,
            ours_ms: Vec::new(),
        }
    }

    /// Commits one edit and takes the time.
    pub(super) fn time(
        &mut self,
        desk: &Desk,
        order: WorkOrderId,
        edit: Edit,
    ) -> anyhow::Result<()> {
        let begun = Instant::now();
        desk.commit(order, vec![edit])?;
        self.ours_ms.push(begun.elapsed().as_secs_f64() * 1e3);
        Ok(())
    }

    /// As many bare transactions with a row of the change's size.
    pub(super) fn end(mut self, change_bytes: usize) -> anyhow::Result<Line> {
        let mut raw_ms = Vec::with_capacity(self.ours_ms.len());
        for _ in 0..self.ours_ms.len() {
            raw_ms.push(self.raw.keep(1, change_bytes)?.as_secs_f64() * 1e3);
        }
        Ok(Line {
            row: "edit commit, median".to_owned(),
            ours: median(self.ours_ms),
            beside: Some(median(raw_ms)),
            unit: "ms",
            note: format!(
                "beside: SQLCipher, WAL, synchronous=FULL, a row of {change_bytes} bytes"
            ),
        })
    }
}
