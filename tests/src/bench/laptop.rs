//! A laptop of the benchmark: the whole desk but for its window, exchanging by its own loop.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use fettle_desk::view::{
    AddPhotoInput, ChangedView, ProblemView, Shell, SignInInput, WriteNoteInput,
};
use fettle_desk::{Desk, Settings};
use tokio::sync::broadcast::Receiver;

use super::hub::{Hub, PASSWORD};
use crate::arrival::PhotoNames;

/// Opens the desk's data; it lives for one run.
const PIN: &str = "246810";

/// A laptop with somebody at work.
pub(super) struct Laptop {
    desk: Desk,
    changes: Receiver<ChangedView>,
}

impl Laptop {
    /// Enrols a laptop over a wire and fills it.
    pub(super) async fn enrol(
        hub: &Hub,
        wire: SocketAddr,
        folder: &Path,
        account: &str,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let desk = Desk::open(Settings {
            data_dir: folder.to_owned(),
            key_file: Some(folder.join("key")),
        })
        .await;
        let input = SignInInput {
            hub: Some(format!("https://{wire}")),
            code: Some(hub.code(account).await?.to_string()),
            account: account.to_owned(),
            password: PASSWORD.to_owned(),
        };
        desk.sign_in(input).await.map_err(problem)?;
        desk.set_pin(PIN.to_owned()).await.map_err(problem)?;
        let mut laptop = Self {
            changes: desk.changes(),
            desk,
        };
        laptop.exchange_until(|shell| shell.fill.is_none()).await?;
        Ok(laptop)
    }

    /// Exchanges as the desk does by itself, on a new connection, until something is so.
    pub(super) async fn exchange_until(
        &mut self,
        is_so: impl Fn(&Shell) -> bool,
    ) -> anyhow::Result<()> {
        let desk = self.desk.clone();
        let until = async {
            loop {
                let shell = desk.shell().await.map_err(problem)?;
                if is_so(&shell) {
                    return Ok(());
                }
                // An event that was missed is an event, too.
                let _ = self.changes.recv().await;
            }
        };
        tokio::select! {
            () = desk.run() => bail!("the desk has closed"),
            done = until => done,
        }
    }

    /// The id of an order.
    pub(super) async fn order(&self, number: &str) -> anyhow::Result<String> {
        let found = self.desk.search(number.to_owned()).await.map_err(problem)?;
        let mut rows = found.orders.into_iter();
        let row = rows.find(|row| row.number == number);
        Ok(row
            .with_context(|| format!("{number} did not come down"))?
            .id)
    }

    pub(super) async fn write_note(&self, order_id: &str, text: String) -> anyhow::Result<()> {
        let order_id = order_id.to_owned();
        let input = WriteNoteInput { order_id, text };
        self.desk.write_note(input).await.map_err(problem)?;
        Ok(())
    }

    /// Adds a photo as the window does.
    pub(super) async fn add_photo(
        &self,
        order_id: &str,
        file: Vec<u8>,
    ) -> anyhow::Result<PhotoNames> {
        let draft = self.desk.draft_photo(file).await.map_err(problem)?;
        let thumbnail = draft.thumbnail.context("a photo has a thumbnail")?;
        let names = PhotoNames {
            photo: draft.content.parse()?,
            thumbnail: thumbnail.parse()?,
        };
        let input = AddPhotoInput {
            order_id: order_id.to_owned(),
            content: draft.content,
            caption: String::new(),
        };
        self.desk.add_photo(input).await.map_err(problem)?;
        Ok(names)
    }
}

fn problem(problem: ProblemView) -> anyhow::Error {
    anyhow!("the desk says {}", problem.code)
}
