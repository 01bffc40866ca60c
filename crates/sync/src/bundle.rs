//! Bundles: unsent work as a file that any laptop may carry and only its hub can read.
//!
//! Layout: `b"FETTLEWB"`, format (u16), the first 8 bytes of the hub key's BLAKE3, the
//! encapsulated key (32 bytes), then sealed frames, each behind its length (u32); all numbers big
//! endian. The frames are sealed one after the other under one HPKE context (RFC 9180: X25519,
//! HKDF-SHA256, ChaCha20-Poly1305) that is bound to the header, so none can be left out, moved or
//! taken from another bundle; the last one says that it is the last. A bundle that was cut or
//! damaged gives what came before: each author's signature vouches for that part alone.

mod fault;
mod seed;

use std::fmt;

use fettle_domain::{ActorId, DeviceId, Refusal, Timestamp};
use hpke::aead::{AeadCtxR, AeadCtxS, ChaCha20Poly1305};
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{
    Deserializable, Kem as _, OpModeR, OpModeS, Serializable, setup_receiver, setup_sender_with_rng,
};
use serde::{Deserialize, Serialize};

pub use fault::BadBundle;
use seed::Seed;

use crate::chain::Link;
use crate::exchange::{Push, check_push};
use crate::frame::{decode_one, encode, raw_length};
use crate::limits::{
    BUNDLE_FRAMES_MAX, BUNDLE_MAX_BYTES, BUNDLE_RAW_MAX_BYTES, FRAME_PACKED_MAX_BYTES,
};

type Kem = X25519HkdfSha256;
type Sealer = AeadCtxS<ChaCha20Poly1305, HkdfSha256, Kem>;
type Opener = AeadCtxR<ChaCha20Poly1305, HkdfSha256, Kem>;

const MAGIC: &[u8; 8] = b"FETTLEWB";
/// The newest format this program writes and the only one it reads.
const FORMAT: u16 = 1;
const KEY_ID_BYTES: usize = 8;
const ENCAPPED_BYTES: usize = 32;
const HEADER_BYTES: usize = MAGIC.len() + 2 + KEY_ID_BYTES + ENCAPPED_BYTES;
/// What the cipher adds to a frame.
const TAG_BYTES: usize = 16;
/// Longest sealed frame: header, packed frame, tag.
const SEALED_MAX_BYTES: usize = crate::frame::HEADER_BYTES + FRAME_PACKED_MAX_BYTES + TAG_BYTES;
/// Ending of a bundle's file name.
pub const BUNDLE_ENDING: &str = "fettle";
/// Media type of a bundle.
pub const BUNDLE_MEDIA_TYPE: &str = "application/vnd.fettle.bundle";
/// Path a bundle is handed in at.
pub const BUNDLE_PATH: &str = "/v1/bundle";

/// The public half of a hub's key: whoever has it can seal a bundle for that hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleKey(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl BundleKey {
    fn id(self) -> [u8; KEY_ID_BYTES] {
        let hash = blake3::derive_key("fettle 2026 id of a bundle key", &self.0);
        let mut id = [0; KEY_ID_BYTES];
        id.copy_from_slice(&hash[..KEY_ID_BYTES]);
        id
    }
}

/// The private half, the hub's alone. Never printed.
pub struct BundleSecret {
    secret: <Kem as hpke::Kem>::PrivateKey,
    public: BundleKey,
}

impl BundleSecret {
    /// The key of a seed, always the same one.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let (secret, public) = Kem::derive_keypair(seed);
        Self {
            secret,
            public: BundleKey(public.to_bytes().into()),
        }
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> BundleKey {
        self.public
    }
}

impl fmt::Debug for BundleSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BundleSecret({:?}, …)", self.public)
    }
}

/// Where a bundle comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleHead {
    /// Laptop whose work it is; `None` where the laptop could not tell any more.
    pub device: Option<DeviceId>,
    /// When it was made, by that laptop's clock.
    pub made: Timestamp,
}

/// Items whose chain is torn before them: what they follow on could not be read. The signature
/// still vouches for them, because the link they rest on was kept with the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TornPush {
    /// The chain's last link before the first item.
    pub before: Link,
    /// The items.
    pub push: Push,
}

/// What a damaged laptop could not read any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// Items that were made and cannot be read, by author: first and last place.
    pub places: Vec<(ActorId, u64, u64)>,
    /// What these people had written, as far as it could be read elsewhere, one line each.
    pub words: Vec<String>,
}

/// One sealed frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Carried {
    Head(BundleHead),
    Push(Push),
    Torn(TornPush),
    Lost(Lost),
    End,
}

/// How a bundle ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// With its last frame.
    Whole,
    /// In the middle: the rest of the file is missing.
    Cut,
    /// With something that is not what was sealed.
    Damaged,
}

/// What a bundle carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Where it comes from.
    pub head: BundleHead,
    /// Unsent items per author in commit order.
    pub pushes: Vec<Push>,
    /// Items after a gap.
    pub torn: Vec<TornPush>,
    /// What its laptop could not read.
    pub lost: Lost,
    /// How it ended; before that everything is whole.
    pub ending: Ending,
}

impl Bundle {
    /// An empty bundle to be filled.
    #[must_use]
    pub fn new(head: BundleHead) -> Self {
        Self {
            head,
            pushes: Vec::new(),
            torn: Vec::new(),
            lost: Lost::default(),
            ending: Ending::Whole,
        }
    }

    /// Items it carries.
    #[must_use]
    pub fn items(&self) -> usize {
        let torn = self.torn.iter().map(|torn| &torn.push);
        self.pushes
            .iter()
            .chain(torn)
            .map(|push| push.items.len())
            .sum()
    }

    /// Seals it for a hub. `random` is drawn by the caller and used once.
    ///
    /// # Errors
    /// [`BadBundle`] when it exceeds a limit or `hub` is no key.
    pub fn seal(&self, hub: BundleKey, random: [u8; 32]) -> Result<Vec<u8>, BadBundle> {
        let recipient =
            <Kem as hpke::Kem>::PublicKey::from_bytes(&hub.0).map_err(|_| BadBundle::OtherHub)?;
        let mut seed = Seed::new(&random);
        let info = info(hub);
        let (encapped, sealer) = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeS::Base,
            &recipient,
            &info,
            &mut seed,
        )
        .map_err(|_| BadBundle::OtherHub)?;
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_be_bytes());
        bytes.extend_from_slice(&hub.id());
        bytes.extend_from_slice(&encapped.to_bytes());
        let mut writer = Writer {
            header: bytes.clone(),
            bytes,
            sealer,
        };
        writer.put(&Carried::Head(self.head.clone()))?;
        for push in &self.pushes {
            writer.put(&Carried::Push(push.clone()))?;
        }
        for torn in &self.torn {
            writer.put(&Carried::Torn(torn.clone()))?;
        }
        if self.lost != Lost::default() {
            writer.put(&Carried::Lost(self.lost.clone()))?;
        }
        writer.put(&Carried::End)?;
        Ok(writer.bytes)
    }

    /// Opens a bundle with the hub's key.
    ///
    /// # Errors
    /// [`BadBundle`] when nothing of it can be used.
    pub fn open(bytes: &[u8], hub: &BundleSecret) -> Result<Self, BadBundle> {
        let header = check(bytes)?;
        if header.key != hub.public.id() {
            return Err(BadBundle::OtherHub);
        }
        let encapped = <Kem as hpke::Kem>::EncappedKey::from_bytes(header.encapped)
            .map_err(|_| BadBundle::Damaged)?;
        let info = info(hub.public);
        let opener = setup_receiver(&OpModeR::Base, &hub.secret, &encapped, &info)
            .map_err(|_| BadBundle::Damaged)?;
        let (header, rest) = bytes.split_at(HEADER_BYTES);
        let mut reader = Reader {
            header,
            rest,
            opener,
            raw_bytes: 0,
        };
        match reader.next()? {
            Next::Frame(Carried::Head(head)) => reader.read(head),
            Next::Frame(_) | Next::Damaged => Err(BadBundle::Damaged),
            Next::Cut => Err(BadBundle::Cut),
        }
    }
}

/// What the header says of the hub a bundle is for; whoever carries it may look before it travels.
///
/// # Errors
/// [`BadBundle`] when it is no bundle of this format.
pub fn is_for(bytes: &[u8], hub: BundleKey) -> Result<bool, BadBundle> {
    Ok(check(bytes)?.key == hub.id())
}

struct Header<'a> {
    key: [u8; KEY_ID_BYTES],
    encapped: &'a [u8],
}

fn check(bytes: &[u8]) -> Result<Header<'_>, BadBundle> {
    if bytes.len() > BUNDLE_MAX_BYTES {
        return Err(BadBundle::Limit("BUNDLE_MAX_BYTES"));
    }
    let begins = MAGIC.len().min(bytes.len());
    if bytes[..begins] != MAGIC[..begins] {
        return Err(BadBundle::NotABundle);
    }
    let Some(rest) = bytes.get(MAGIC.len()..) else {
        return Err(BadBundle::Cut);
    };
    // The format first: what follows may be laid out in another way.
    let Some((format, rest)) = rest.split_first_chunk::<2>() else {
        return Err(BadBundle::Cut);
    };
    match u16::from_be_bytes(*format) {
        FORMAT => {}
        0 => return Err(BadBundle::NotABundle),
        format => return Err(BadBundle::Format(format)),
    }
    let Some((key, rest)) = rest.split_first_chunk::<KEY_ID_BYTES>() else {
        return Err(BadBundle::Cut);
    };
    let encapped = rest.get(..ENCAPPED_BYTES).ok_or(BadBundle::Cut)?;
    Ok(Header {
        key: *key,
        encapped,
    })
}

fn info(hub: BundleKey) -> Vec<u8> {
    [b"fettle 2026 bundle ".as_slice(), &hub.0].concat()
}

struct Writer {
    header: Vec<u8>,
    bytes: Vec<u8>,
    sealer: Sealer,
}

impl Writer {
    fn put(&mut self, carried: &Carried) -> Result<(), BadBundle> {
        let frame = encode(carried)?;
        let sealed = self
            .sealer
            .seal(&frame, &self.header)
            .map_err(|_| BadBundle::Limit("BUNDLE_FRAMES_MAX"))?;
        let length =
            u32::try_from(sealed.len()).map_err(|_| BadBundle::Limit("FRAME_PACKED_MAX_BYTES"))?;
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(&sealed);
        if self.bytes.len() > BUNDLE_MAX_BYTES {
            return Err(BadBundle::Limit("BUNDLE_MAX_BYTES"));
        }
        Ok(())
    }
}

struct Reader<'a> {
    header: &'a [u8],
    rest: &'a [u8],
    opener: Opener,
    raw_bytes: usize,
}

enum Next {
    Frame(Carried),
    Cut,
    Damaged,
}

impl Reader<'_> {
    fn read(mut self, head: BundleHead) -> Result<Bundle, BadBundle> {
        let mut bundle = Bundle::new(head);
        for _ in 0..BUNDLE_FRAMES_MAX {
            match self.next()? {
                Next::Frame(Carried::End) => {
                    // Whatever follows was not sealed with the rest.
                    if !self.rest.is_empty() {
                        bundle.ending = Ending::Damaged;
                    }
                    return Ok(bundle);
                }
                Next::Frame(Carried::Push(push)) => {
                    check_push(&push).map_err(|_| BadBundle::Limit("PUSH_ITEMS_MAX"))?;
                    bundle.pushes.push(push);
                }
                Next::Frame(Carried::Torn(torn)) => {
                    check_push(&torn.push).map_err(|_| BadBundle::Limit("PUSH_ITEMS_MAX"))?;
                    bundle.torn.push(torn);
                }
                Next::Frame(Carried::Lost(lost)) => {
                    bundle.lost.places.extend(lost.places);
                    bundle.lost.words.extend(lost.words);
                }
                Next::Frame(Carried::Head(_)) => return Err(BadBundle::Damaged),
                Next::Cut => {
                    bundle.ending = Ending::Cut;
                    return Ok(bundle);
                }
                Next::Damaged => {
                    bundle.ending = Ending::Damaged;
                    return Ok(bundle);
                }
            }
        }
        Err(BadBundle::Limit("BUNDLE_FRAMES_MAX"))
    }

    /// Takes the next frame. One that opens and holds something unknown was sealed by a later
    /// program, or by nobody who means well: then nothing of the bundle is taken.
    fn next(&mut self) -> Result<Next, BadBundle> {
        let Some((length, rest)) = self.rest.split_first_chunk::<4>() else {
            return Ok(Next::Cut);
        };
        let length = u32::from_be_bytes(*length) as usize;
        if length > SEALED_MAX_BYTES {
            return Ok(Next::Damaged);
        }
        let Some((sealed, rest)) = rest.split_at_checked(length) else {
            return Ok(Next::Cut);
        };
        let Ok(frame) = self.opener.open(sealed, self.header) else {
            return Ok(Next::Damaged);
        };
        self.rest = rest;
        // Added up before anything is decompressed: whoever has the hub's key can seal anything.
        self.raw_bytes = self.raw_bytes.saturating_add(raw_length(&frame)?);
        if self.raw_bytes > BUNDLE_RAW_MAX_BYTES {
            return Err(BadBundle::Limit("BUNDLE_RAW_MAX_BYTES"));
        }
        Ok(Next::Frame(decode_one(&frame)?))
    }
}

/// What the hub tells whoever carried a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleAnswer {
    /// Items it carried.
    pub items: u64,
    /// Items that were not at the hub before.
    pub taken: u64,
    /// Items the hub keeps aside for an administrator.
    pub set_aside: u64,
    /// Items its laptop could not read any more.
    pub lost: u64,
    /// Why not everything could be taken; the file is still needed then.
    pub stopped: Option<Refusal>,
    /// How it ended; unless whole, it is to be saved and carried once more.
    pub ending: Ending,
}
