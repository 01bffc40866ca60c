//! How each thing of a work order is laid out as scalar fields of a map, both ways.

use automerge::ScalarValue;
use fettle_domain::{Decimal, DeviceTime, Timestamp};
use uuid::Uuid;

mod entry;
mod plan;
mod settlement;

pub(crate) use entry::{
    downtime, failure_report, labour, link, note, of_downtime, of_failure_report, of_labour,
    of_link, of_note, of_part_used, of_photo, of_reading, of_step_entry, part_used, photo, reading,
    step_entry,
};
pub(crate) use plan::{
    is_removed, of_part_line, of_removed, of_step, of_task, part_line, step, task,
};

/// Field of an entry that says its author is done with it.
pub(crate) const CLOSED: &str = "closed";
/// Field of a planned member that says it is no longer planned.
pub(crate) const REMOVED: &str = "removed";

/// Fields to write, in order. A field without a value is `Null`, written only over another value.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, ScalarValue)>);

impl Fields {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &ScalarValue)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub(crate) fn put(&mut self, key: &str, value: Option<ScalarValue>) {
        self.0
            .push((key.to_owned(), value.unwrap_or(ScalarValue::Null)));
    }

    pub(crate) fn text(&mut self, key: &str, value: &str) {
        self.put(key, Some(value.into()));
    }

    pub(crate) fn optional_text(&mut self, key: &str, value: Option<&str>) {
        self.put(key, value.map(ScalarValue::from));
    }

    pub(crate) fn id(&mut self, key: &str, id: Option<Uuid>) {
        self.put(key, id.map(|id| ScalarValue::Bytes(id.as_bytes().to_vec())));
    }

    pub(crate) fn flag(&mut self, key: &str, value: bool) {
        self.put(key, Some(value.into()));
    }

    pub(crate) fn number(&mut self, key: &str, value: u64) {
        self.put(key, Some(ScalarValue::Uint(value)));
    }

    pub(crate) fn decimal(&mut self, key: &str, value: Option<Decimal>) {
        self.put(key, value.map(|value| value.to_string().into()));
    }

    pub(crate) fn moment(&mut self, key: &str, value: Option<Timestamp>) {
        self.put(
            key,
            value.map(|value| ScalarValue::Timestamp(value.as_ms())),
        );
    }

    pub(crate) fn device_time(&mut self, prefix: &str, value: Option<DeviceTime>) {
        self.moment(prefix, value.map(|time| time.at));
        let offset = value.and_then(|time| time.offset_ms);
        self.put(&format!("{prefix}_offset"), offset.map(ScalarValue::Int));
        let boot = value.map(|time| ScalarValue::Uint(time.boot_id));
        self.put(&format!("{prefix}_boot"), boot);
        let boot_ms = value.map(|time| ScalarValue::Uint(time.boot_ms));
        self.put(&format!("{prefix}_boot_ms"), boot_ms);
    }
}

/// Fields read back: the value that stands of each key. What does not fit is as if it were not there.
pub(crate) trait Read {
    fn scalar(&self, key: &str) -> Option<&ScalarValue>;

    fn text(&self, key: &str) -> Option<String> {
        match self.scalar(key)? {
            ScalarValue::Str(text) => Some(text.to_string()),
            _ => None,
        }
    }

    fn id(&self, key: &str) -> Option<Uuid> {
        match self.scalar(key)? {
            ScalarValue::Bytes(bytes) => Uuid::from_slice(bytes).ok(),
            _ => None,
        }
    }

    fn flag(&self, key: &str) -> Option<bool> {
        match self.scalar(key)? {
            ScalarValue::Boolean(flag) => Some(*flag),
            _ => None,
        }
    }

    fn number(&self, key: &str) -> Option<u64> {
        match self.scalar(key)? {
            ScalarValue::Uint(number) => Some(*number),
            ScalarValue::Int(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    fn small_number(&self, key: &str) -> Option<u32> {
        self.number(key)
            .and_then(|number| u32::try_from(number).ok())
    }

    fn decimal(&self, key: &str) -> Option<Decimal> {
        Decimal::from_typed(&self.text(key)?).ok()
    }

    fn moment(&self, key: &str) -> Option<Timestamp> {
        match self.scalar(key)? {
            ScalarValue::Timestamp(ms) => Some(Timestamp::from_ms(*ms)),
            _ => None,
        }
    }

    fn device_time(&self, prefix: &str) -> Option<DeviceTime> {
        let offset_ms = match self.scalar(&format!("{prefix}_offset")) {
            Some(ScalarValue::Int(ms)) => Some(*ms),
            _ => None,
        };
        Some(DeviceTime {
            at: self.moment(prefix)?,
            offset_ms,
            boot_id: self.number(&format!("{prefix}_boot")).unwrap_or(0),
            boot_ms: self.number(&format!("{prefix}_boot_ms")).unwrap_or(0),
        })
    }
}
