//! Every limit of the contract, with its name, unit and reason.

/// Largest frame after decompression: 1 MiB, four times the usual raw size of a frame.
pub const FRAME_RAW_MAX_BYTES: usize = 1 << 20;

/// Raw bytes after which a frame is closed and the next begun: 256 kB on good links.
pub const FRAME_RAW_TARGET_BYTES: usize = 256_000;

/// Largest frame as compressed: what [`FRAME_RAW_MAX_BYTES`] can grow to when it does not compress.
pub const FRAME_PACKED_MAX_BYTES: usize = FRAME_RAW_MAX_BYTES + (FRAME_RAW_MAX_BYTES >> 7) + 1024;

/// Bytes one exchange may carry in one direction unless the desk asks for less: 4 MB.
pub const EXCHANGE_BUDGET_BYTES: usize = 4_000_000;

/// Bytes one exchange carries in one direction after a link has failed: 64 kB, some seconds of a
/// poor one, so that little is lost when it fails again.
pub const BAD_LINK_BUDGET_BYTES: usize = 64_000;

/// Raw bytes after which a frame is closed in an exchange of this budget: a cut loses one frame.
#[must_use]
pub fn frame_target_bytes(budget_bytes: usize) -> usize {
    FRAME_RAW_TARGET_BYTES.min(budget_bytes)
}

/// Largest body of a request the hub reads: the budget and one frame over it.
pub const REQUEST_MAX_BYTES: usize = EXCHANGE_BUDGET_BYTES + FRAME_PACKED_MAX_BYTES;

/// Most items of one push: bounds the hub's work per frame.
pub const PUSH_ITEMS_MAX: usize = 4096;

/// Most things one slice proves and one offer gives back: what fits into a frame beside changes.
pub const ACCEPTED_MAX: usize = 8192;

/// Largest single change: 512 kB, half of the largest document.
pub const CHANGE_MAX_BYTES: usize = 512 << 10;

/// Largest intent or record once encoded.
pub const CLAIM_MAX_BYTES: usize = 64 << 10;

/// Most feeds one device may follow.
pub const FEEDS_MAX: usize = 256;

/// Deepest nesting the decoder follows.
pub const DEPTH_MAX: usize = 64;

/// Longest account name and password, in bytes.
pub const CREDENTIAL_MAX_BYTES: usize = 256;

/// Bytes of an attachment's chunk on a good link: 256 kB.
pub const CHUNK_GOOD_LINK_BYTES: u64 = 256_000;

/// Bytes of an attachment's chunk on a bad link, and on one nothing is known of: 64 kB.
pub const CHUNK_BAD_LINK_BYTES: u64 = 64_000;

/// Most bytes of an attachment one request may carry or ask for: 1 MiB, four large chunks.
pub const CHUNK_MAX_BYTES: u64 = 1 << 20;

/// Most contents of one offer: their names fill a third of a bad link's frame.
pub const OFFER_CONTENTS_MAX: usize = 512;

/// Largest bundle as a file: 24 MiB; a shift's work is some tens of kilobytes.
pub const BUNDLE_MAX_BYTES: usize = 24 << 20;

/// Raw bytes after which a bundle is ended and the next begun: 16 MB, so that a bundle that does
/// not compress stays below [`BUNDLE_MAX_BYTES`].
pub const BUNDLE_RAW_TARGET_BYTES: usize = 16_000_000;

/// Most bytes the frames of one bundle may hold once decompressed: 64 MiB, four times the target.
pub const BUNDLE_RAW_MAX_BYTES: usize = 64 << 20;

/// Most frames of one bundle: bounds the hub's work.
pub const BUNDLE_FRAMES_MAX: usize = 65_536;
