#include "tls/real_certificates.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "observe/log.hpp"
#include "protocol/quoted_text.hpp"
#include "tls/file_content.hpp"
#include "tls/pem.hpp"
#include "tls/tls_context.hpp"

namespace videochat::tls {
namespace {

namespace log = observe::log;
using protocol::quoted;

Key load_key(const std::string& path) {
    const std::string text = content_of(path);
    Key key = key_from_pem(text);
    if (key) return key;
    throw FileError(quoted(path) + (is_encrypted_key(text)
                                        ? " is encrypted: a key without a password is needed"
                                        : " holds no private key"));
}

// Clients have the roots, or do not trust them.
bool is_root(const Certificate& certificate) {
    return ::X509_self_signed(certificate.get(), 0) == 1;
}

}  // namespace

Identity load_real(const std::string& certificate_path, const std::string& key_path) {
    auto certificates = certificates_from_pem(content_of(certificate_path));
    if (certificates.empty()) throw FileError(quoted(certificate_path) + " holds no certificate");
    Key key = load_key(key_path);
    if (!fits(certificates.front().get(), key.get())) {
        throw FileError(quoted(key_path) + " is not the key of " + quoted(certificate_path));
    }
    std::vector<Identity> one(1);
    one.front().leaf = std::move(certificates.front());
    one.front().key = std::move(key);
    std::remove_copy_if(std::make_move_iterator(certificates.begin() + 1),
                        std::make_move_iterator(certificates.end()),
                        std::back_inserter(one.front().chain), is_root);
    try {
        const TlsContext tried(one);
    } catch (const std::runtime_error& problem) {
        throw FileError(quoted(certificate_path) + ": " + problem.what());
    }
    return std::move(one.front());
}

RealCertificates::RealCertificates(const TlsConfig& config, Surroundings surroundings)
    : surroundings_(std::move(surroundings)) {
    if (config.certificates.size() != config.keys.size()) {
        throw std::runtime_error("each certificate needs its key");
    }
    for (std::size_t i = 0; i < config.certificates.size(); ++i) {
        Files files{.certificate = config.certificates.at(i), .key = config.keys.at(i)};
        files.read = stamps_of({files.certificate, files.key});
        identities_.push_back(load_real(files.certificate, files.key));
        files_.push_back(std::move(files));
        tell_expired(i);
    }
}

// A renewal writes two files: they are read when they have stood still from one look to the next.
bool RealCertificates::is_due(Files& files, Occasion occasion) {
    if (occasion == Occasion::Reload) return true;
    if (occasion != Occasion::Tick) return false;
    auto now = stamps_of({files.certificate, files.key});
    const bool is_due = now != files.read && now == files.seen;
    files.seen = std::move(now);
    return is_due;
}

bool RealCertificates::look(Occasion occasion) {
    bool has_changed = false;
    for (std::size_t i = 0; i < files_.size(); ++i) {
        try {
            if (is_due(files_.at(i), occasion) && read_again(i)) has_changed = true;
            tell_expired(i);
        } catch (const std::exception& problem) {
            log::error("the certificate stays as it is", {{"reason", problem.what()}});
        }
    }
    return has_changed;
}

bool RealCertificates::read_again(std::size_t index) {
    Files& files = files_.at(index);
    files.read = stamps_of({files.certificate, files.key});
    Identity fresh = load_real(files.certificate, files.key);
    log::info("read a certificate",
              {{"file", files.certificate}, {"end", date_text(end_of(fresh.leaf.get()))}});
    identities_.at(index) = std::move(fresh);
    files.is_told_expired = false;
    return true;
}

void RealCertificates::tell_expired(std::size_t index) {
    Files& files = files_.at(index);
    const Time end = end_of(identities_.at(index).leaf.get());
    if (files.is_told_expired || surroundings_.now() < end) return;
    files.is_told_expired = true;
    log::warn("the certificate has expired: browsers refuse it",
              {{"file", files.certificate}, {"end", date_text(end)}});
}

TrustFacts RealCertificates::facts() const {
    const X509* const leaf = identities_.front().leaf.get();
    return {.leaf_sha256 = sha256_fingerprint(leaf),
            .names = alternative_names(leaf).to_strings(),
            .ca_sha256 = {},
            .ca_der = {}};
}

}  // namespace videochat::tls
