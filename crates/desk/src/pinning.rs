//! Which certificate the desk talks to: the one its enrolment code was printed for, then only that.
//!
//! No authority is asked and no name or date is checked: the fingerprint alone decides, so a
//! certificate the hub made for itself is as good as a bought one, and another one never is.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::{Arc, OnceLock};

use fettle_sync::request::EnrolmentCode;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, SignatureScheme};
use serde::{Deserialize, Serialize};

/// BLAKE3 of a certificate's DER. Public, so it may be printed and stored.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// The fingerprint of a certificate.
    #[must_use]
    pub fn of(certificate_der: &[u8]) -> Self {
        Self(*blake3::hash(certificate_der).as_bytes())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({})", blake3::Hash::from(self.0).to_hex())
    }
}

/// The certificate is not the one expected; found again in whatever wraps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinMismatch {
    /// Enrolment: the code was printed for another certificate.
    #[error("the enrolment code was printed for another certificate")]
    Code,
    /// Later: the hub showed another certificate than at enrolment.
    #[error("the certificate is not the pinned one")]
    Changed,
}

impl PinMismatch {
    /// Looks for a mismatch among the causes of an error of the connection.
    #[must_use]
    pub fn find(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(found) = Self::in_tls(error) {
                return Some(found);
            }
            // An I/O error names the cause of what it holds and leaves out what it holds.
            if let Some(held) = error
                .downcast_ref::<io::Error>()
                .and_then(io::Error::get_ref)
                && let Some(found) = Self::find(held)
            {
                return Some(found);
            }
            next = error.source();
        }
        None
    }

    fn in_tls(error: &(dyn Error + 'static)) -> Option<Self> {
        match error.downcast_ref::<rustls::Error>()? {
            rustls::Error::InvalidCertificate(CertificateError::Other(other)) => {
                other.0.downcast_ref::<Self>().copied()
            }
            _ => None,
        }
    }
}

impl From<PinMismatch> for rustls::Error {
    fn from(mismatch: PinMismatch) -> Self {
        Self::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(mismatch))))
    }
}

/// Lets exactly one certificate through.
#[derive(Debug)]
pub struct PinnedCertificate {
    code: Option<EnrolmentCode>,
    pinned: OnceLock<Fingerprint>,
    provider: Arc<CryptoProvider>,
}

impl PinnedCertificate {
    /// At enrolment: the first certificate the code fits is pinned from then on.
    #[must_use]
    pub fn by_code(code: EnrolmentCode) -> Arc<Self> {
        Arc::new(Self {
            code: Some(code),
            pinned: OnceLock::new(),
            provider: provider(),
        })
    }

    /// After enrolment: this certificate alone.
    #[must_use]
    pub fn known(fingerprint: Fingerprint) -> Arc<Self> {
        Arc::new(Self {
            code: None,
            pinned: OnceLock::from(fingerprint),
            provider: provider(),
        })
    }

    /// The certificate that is let through; `None` before the first one fitted the code.
    #[must_use]
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.pinned.get().copied()
    }

    /// A TLS configuration that trusts this certificate and speaks HTTP/2 only.
    ///
    /// # Errors
    /// When the library offers none of its own protocol versions.
    pub fn tls(self: Arc<Self>) -> Result<ClientConfig, rustls::Error> {
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(self)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(config)
    }

    fn check(&self, certificate_der: &[u8]) -> Result<(), PinMismatch> {
        let seen = Fingerprint::of(certificate_der);
        if let Some(pinned) = self.pinned.get() {
            return same(*pinned, seen);
        }
        match &self.code {
            Some(code) if code.fits(&seen.0) => same(*self.pinned.get_or_init(|| seen), seen),
            Some(_) => Err(PinMismatch::Code),
            None => Err(PinMismatch::Changed),
        }
    }
}

fn same(pinned: Fingerprint, seen: Fingerprint) -> Result<(), PinMismatch> {
    if pinned == seen {
        Ok(())
    } else {
        Err(PinMismatch::Changed)
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

impl ServerCertVerifier for PinnedCertificate {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.check(end_entity)?;
        Ok(ServerCertVerified::assertion())
    }

    // The signatures prove that the other side holds the certificate's key; a fingerprint alone
    // would prove nothing, since certificates are public.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
