//! Photos of an order: add one, take one back, ask for one that is not here.

use fettle_document::Edit;
use fettle_domain::attachment::MediaType;
use fettle_domain::charter::Domain;
use fettle_domain::work_order::photo::check_photo_taken_back;
use fettle_domain::work_order::{Authored, Photo};
use fettle_domain::{ContentHash, EntryId, Refusal};
use fettle_replica::{MadeKind, MadeSubject, StoredOrder};
use fettle_sync::link::LinkEvent;

use super::change;
use super::commit::{Scene, Wish, check_open};
use super::order::Reader;
use crate::attachment::bytes_of;
use crate::core::{Core, Member, locked};
use crate::desk::Desk;
use crate::person::shell::ms;
use crate::trouble::{Answer, Trouble};
use crate::view::{
    AddPhotoInput, ChangeView, PhotoFile, PhotoInput, PhotoView, ProblemView, Shell,
};

/// Longest caption, in characters.
const CAPTION_MAX: usize = 200;

impl Desk {
    /// Attaches a file that was chosen.
    ///
    /// # Errors
    /// `attachment.unknown`, `attachment.caption_too_long`, `order.not_open_for_work`.
    pub async fn add_photo(&self, input: AddPhotoInput) -> Result<ChangeView, ProblemView> {
        let chosen = input.content.parse::<ContentHash>();
        let added = self
            .act(input.order_id.clone(), move |core, scene| {
                core.add_photo(scene, &input)
            })
            .await?;
        if let (Ok(core), Ok(content)) = (self.core(), chosen) {
            locked(&core.drafts).remove(&content);
        }
        Ok(added)
    }

    /// Takes a photo back: a reversing entry, so that the history keeps it.
    ///
    /// # Errors
    /// `attachment.unknown`, `attachment.not_yours`.
    pub async fn take_back_photo(&self, input: PhotoInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id.clone(), move |core, scene| {
            core.take_back_photo(scene, &input)
        })
        .await
    }

    /// Asks for the file of a photo when the hub is reached.
    ///
    /// # Errors
    /// `attachment.unknown`.
    pub async fn fetch_photo(&self, input: PhotoInput) -> Result<Shell, ProblemView> {
        self.on_disk(move |core| {
            core.member()?;
            let order = core.stored_order(&input.order_id)?;
            let content = content_of(photo_of(&order, &input.photo_id)?)?;
            let orders = core.replica.want_attachment(content, core.wall_clock())?;
            core.link_event(LinkEvent::Asked);
            core.changed(&orders);
            core.shell()
        })
        .await
    }
}

impl Core {
    fn add_photo(&self, scene: &Scene, input: &AddPhotoInput) -> Answer<Wish> {
        let unknown = || Trouble::new("attachment.unknown");
        let content: ContentHash = input.content.parse().map_err(|_| unknown())?;
        let draft = self.draft(content).ok_or_else(unknown)?;
        let caption = input.caption.trim();
        if caption.chars().count() > CAPTION_MAX {
            return Err(Refusal::new("attachment.caption_too_long")
                .with("limit", CAPTION_MAX)
                .into());
        }
        check_open(&scene.order)?;
        let id = EntryId(self.new_id()?);
        let entry = Photo {
            content: content.to_string(),
            size_bytes: draft.size_bytes,
            caption: caption.to_owned(),
            at: scene.now,
            thumbnail: draft.thumbnail.map(|thumbnail| thumbnail.to_string()),
            media_type: Some(draft.kind.name().to_owned()),
            reversal_of: None,
        };
        let words = words(caption, draft.kind);
        let subject = MadeSubject::Entry(id);
        Ok(Wish::default().edit(
            Edit::PutPhoto { id, entry },
            MadeKind::Photo,
            subject,
            &words,
        ))
    }

    fn take_back_photo(&self, scene: &Scene, input: &PhotoInput) -> Answer<Wish> {
        let photo = photo_of(&scene.order, &input.photo_id)?;
        let author = self.author_of(&scene.order, photo);
        check_photo_taken_back(author, scene.member.id(), scene.member.roles())?;
        check_open(&scene.order)?;
        let id = EntryId(self.new_id()?);
        let entry = Photo {
            at: scene.now,
            caption: String::new(),
            thumbnail: None,
            reversal_of: Some(photo.id),
            ..photo.entry.clone()
        };
        let kind = photo.entry.kind().unwrap_or(MediaType::Jpeg);
        let words = words(&photo.entry.caption, kind);
        let subject = MadeSubject::Entry(id);
        Ok(Wish::default().edit(
            Edit::PutPhoto { id, entry },
            MadeKind::Photo,
            subject,
            &words,
        ))
    }

    /// The person behind a photo: of the actor, else who made it on this laptop.
    fn author_of(
        &self,
        order: &StoredOrder,
        photo: &Authored<Photo>,
    ) -> Option<fettle_domain::PersonId> {
        let made = order
            .changes
            .iter()
            .find(|row| row.subject == MadeSubject::Entry(photo.id));
        photo.person.or(made.map(|row| row.person))
    }

    /// Notes which order is looked at, so that its thumbnails come; asks for them once.
    pub(super) fn look_at(&self, order: &StoredOrder) -> Answer<()> {
        let id = order.line.id;
        if locked(&self.looked_at).replace(id) == Some(id) {
            return Ok(());
        }
        if !self
            .replica
            .missing_attachments(None, Some(id), 1)?
            .is_empty()
        {
            self.link_event(LinkEvent::Committed);
        }
        Ok(())
    }
}

fn words(caption: &str, kind: MediaType) -> String {
    if caption.is_empty() {
        kind.name().to_owned()
    } else {
        caption.to_owned()
    }
}

fn photo_of<'o>(order: &'o StoredOrder, id: &str) -> Answer<&'o Authored<Photo>> {
    let unknown = || Trouble::new("attachment.unknown");
    let id: EntryId = id.parse().map_err(|_| unknown())?;
    let mut standing = order.content.standing_photos();
    standing.find(|photo| photo.id == id).ok_or_else(unknown)
}

fn content_of(photo: &Authored<Photo>) -> Answer<ContentHash> {
    let content = photo.entry.content.parse();
    content.map_err(|_| Trouble::new("attachment.unknown"))
}

/// The photos that stand, newest first.
pub(super) fn photo_views(reader: &Reader<'_>, member: &Member) -> Answer<Vec<PhotoView>> {
    let mut views = Vec::new();
    for photo in reader.order.content.standing_photos() {
        let Ok(content) = photo.entry.content.parse::<ContentHash>() else {
            // Of a program that names contents otherwise; the entry stays in the document.
            continue;
        };
        views.push(photo_view(reader, member, photo, content)?);
    }
    views.reverse();
    Ok(views)
}

fn photo_view(
    reader: &Reader<'_>,
    member: &Member,
    photo: &Authored<Photo>,
    content: ContentHash,
) -> Answer<PhotoView> {
    let core = reader.core;
    let row = core.replica.attachment_row(content)?;
    let thumbnail = match photo.entry.thumbnail.as_deref().map(str::parse) {
        Some(Ok(thumbnail)) => core
            .replica
            .attachment_row(thumbnail)?
            .filter(|row| row.is_here)
            .map(|_| thumbnail),
        Some(Err(_)) | None => None,
    };
    let file = match &row {
        Some(row) if row.is_here => PhotoFile::Here,
        Some(row) if row.wanted_at.is_some() => PhotoFile::Asked,
        Some(_) | None => PhotoFile::NotHere,
    };
    let written = photo.entry.at.at;
    let view = change::of_entry(
        reader.order,
        reader.charter,
        Domain::Photo,
        photo.id,
        written,
    );
    let author = core.author_of(reader.order, photo);
    Ok(PhotoView {
        id: photo.id.to_string(),
        caption: photo.entry.caption.clone(),
        by: reader.author_name(photo.person, photo.id)?,
        at: ms(photo.entry.at.corrected()),
        kind: photo.entry.media_type.clone().unwrap_or_default(),
        is_picture: photo.entry.kind().is_some_and(MediaType::is_picture),
        size_bytes: bytes_of(photo.entry.size_bytes),
        content: content.to_string(),
        thumbnail: thumbnail.map(|thumbnail: ContentHash| thumbnail.to_string()),
        file,
        change: view,
        can_take_back: check_photo_taken_back(author, member.id(), member.roles()).is_ok(),
    })
}
