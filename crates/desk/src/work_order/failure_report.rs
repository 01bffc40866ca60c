//! Failure reports as the order page shows them.

use fettle_domain::charter::Domain;
use fettle_domain::failure::{cause_words, mode_words, part_words};
use fettle_domain::work_order::failure_report::official;
use fettle_domain::work_order::settlement::is_office;
use fettle_domain::work_order::{Authored, FailureReport};

use super::change;
use super::order::Reader;
use crate::person::shell::ms;
use crate::trouble::Answer;
use crate::view::FailureReportView;

/// Reports, in the order they were seen.
pub(super) fn report_views(reader: &Reader<'_>) -> Answer<Vec<FailureReportView>> {
    let content = &reader.order.content;
    let reports = &content.failure_reports;
    let official = official(reports, &content.notes, |actor, at| {
        reader.is_office(actor, at)
    });
    let official = official.map(|report| report.id);
    let may_name = is_office(reader.member.roles()) && reports.len() > 1;
    reports
        .iter()
        .map(|report| {
            let is_official = official == Some(report.id);
            report_view(reader, report, is_official, may_name && !is_official)
        })
        .collect()
}

fn report_view(
    reader: &Reader<'_>,
    report: &Authored<FailureReport>,
    is_official: bool,
    may_name: bool,
) -> Answer<FailureReportView> {
    let FailureReport {
        mode,
        component,
        cause,
        remedy,
        at,
        ..
    } = &report.entry;
    // A code of another table is shown as it is.
    let words = |code: &String, words: fn(&str) -> Option<&'static str>| {
        words(code).map_or_else(|| code.clone(), str::to_owned)
    };
    Ok(FailureReportView {
        id: report.id.to_string(),
        mode: words(mode, mode_words),
        part: component.as_ref().map(|code| words(code, part_words)),
        cause: cause.as_ref().map(|code| words(code, cause_words)),
        text: remedy.clone().unwrap_or_default(),
        by: reader.author_name(report.person, report.id)?,
        at: ms(at.corrected()),
        is_official,
        may_name,
        change: change::of_entry(
            reader.order,
            reader.charter,
            Domain::FailureReport,
            report.id,
            at.at,
        ),
    })
}
