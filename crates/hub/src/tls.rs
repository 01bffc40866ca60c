//! The certificate the hub serves: from the configuration, or one made at first start.

use std::path::{Path, PathBuf};

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::private_file;

/// Certificate and key as files, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificate chain, the hub's own first.
    pub certificate: PathBuf,
    /// Private key; readable by the hub's user alone.
    pub key: PathBuf,
}

/// What a server needs: the chain, the key, and what desks pin.
pub struct Tls {
    /// Configuration with HTTP/2 before HTTP/1.1.
    pub config: rustls::ServerConfig,
    /// BLAKE3 of the hub's own certificate in DER; what a desk pins.
    pub fingerprint: [u8; 32],
}

/// Why the hub has no certificate to serve.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    /// A file could not be read or written.
    #[error("failed to read or write {0}")]
    File(PathBuf, #[source] std::io::Error),
    /// A file holds no certificate or key in PEM.
    #[error("{0} holds no certificate or key in PEM")]
    Pem(PathBuf),
    /// A certificate could not be made.
    #[error("failed to make a certificate")]
    Make(#[from] rcgen::Error),
    /// Certificate and key do not belong together, or are of a kind not served here.
    #[error("certificate and key cannot be served")]
    Unfit(#[from] rustls::Error),
    /// Others may read the private key.
    #[error("others can read {0}; run chmod 600 on it")]
    Exposed(PathBuf),
}

impl TlsFiles {
    /// The files of a data folder.
    #[must_use]
    pub fn in_folder(data: &Path) -> Self {
        let folder = data.join("tls");
        Self {
            certificate: folder.join("certificate.pem"),
            key: folder.join("key.pem"),
        }
    }

    /// Makes a certificate for this machine where there is none. An existing one is never replaced:
    /// every desk has pinned it.
    ///
    /// # Errors
    /// [`TlsFault`] when it cannot be made or written.
    pub fn make_if_missing(&self) -> Result<(), TlsFault> {
        if self.certificate.exists() {
            return Ok(());
        }
        let names = [
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            "::1".to_owned(),
        ];
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(names)?.self_signed(&key)?;
        if let Some(folder) = self.certificate.parent() {
            std::fs::create_dir_all(folder).map_err(|e| TlsFault::File(folder.to_owned(), e))?;
        }
        // The key first: a certificate without one would count as made.
        private_file::write(&self.key, &key.serialize_pem())
            .map_err(|e| TlsFault::File(self.key.clone(), e))?;
        // A name of its own until it is whole: half a certificate would count as made.
        let beside = self.certificate.with_extension("new");
        std::fs::write(&beside, certificate.pem())
            .and_then(|()| std::fs::rename(&beside, &self.certificate))
            .map_err(|e| TlsFault::File(self.certificate.clone(), e))
    }

    /// BLAKE3 of the certificate a desk will be shown.
    ///
    /// # Errors
    /// [`TlsFault`] when there is none.
    pub fn fingerprint(&self) -> Result<[u8; 32], TlsFault> {
        let chain = self.chain()?;
        let own = chain
            .first()
            .ok_or_else(|| TlsFault::Pem(self.certificate.clone()))?;
        Ok(*blake3::hash(own).as_bytes())
    }

    /// Reads certificate and key.
    ///
    /// # Errors
    /// [`TlsFault`] that names the file and what to do.
    pub fn load(&self) -> Result<Tls, TlsFault> {
        refuse_exposed(&self.key)?;
        let key =
            PrivateKeyDer::from_pem_file(&self.key).map_err(|_| TlsFault::Pem(self.key.clone()))?;
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(self.chain()?, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Tls {
            config,
            fingerprint: self.fingerprint()?,
        })
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
        let bad = || TlsFault::Pem(self.certificate.clone());
        CertificateDer::pem_file_iter(&self.certificate)
            .map_err(|_| bad())?
            .collect::<Result<_, _>>()
            .map_err(|_| bad())
    }
}

fn refuse_exposed(path: &Path) -> Result<(), TlsFault> {
    match private_file::is_exposed(path) {
        Ok(false) => Ok(()),
        Ok(true) => Err(TlsFault::Exposed(path.to_owned())),
        Err(error) => Err(TlsFault::File(path.to_owned(), error)),
    }
}
