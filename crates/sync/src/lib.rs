//! The whole contract between desk and hub, without input or output.
//!
//! Bytes go in, decisions and bytes come out; sockets, timers and disks belong to the caller.
//! Frames are CBOR in independent zstd frames (see [`frame`]); sign-in and enrolment are JSON
//! (see [`request`]); authorship is a signed chain per actor (see [`chain`]); who
//! reads what one person alone may see is proven (see [`reader`]); photos and files follow after
//! everything else (see [`attachment`]); what a restored hub lost is given back with its own proof
//! (see [`proof`]); a device begins anew with an epoch (see [`epoch`]); unsent work may also travel
//! as a file that its carrier cannot read (see [`bundle`]).

pub mod attachment;
pub mod bundle;
pub mod chain;
pub mod epoch;
pub mod exchange;
pub mod frame;
pub mod limits;
pub mod link;
pub mod problem;
pub mod proof;
pub mod reader;
pub mod request;
pub mod sum;

/// Version of the frames. A hub speaks this version and the one before.
pub const PROTOCOL_VERSION: u16 = 1;
