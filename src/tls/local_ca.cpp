#include "tls/local_ca.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "protocol/quoted_text.hpp"
#include "tls/pem.hpp"

namespace videochat::tls {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWayOut = " (`videochat-server ca --new` makes a new CA)";

[[noreturn]] void refuse(const StateFolder& folder, const char* name, const std::string& why) {
    throw FileError(protocol::quoted(folder.path_of(name)) + " " + why + kWayOut);
}

// Some boards have no clock until the network is up, and begin in 1970. No certificate was made
// before this program was: 2026-01-01.
Time sane(Time now) { return std::max(now, std::chrono::system_clock::from_time_t(1'767'225'600)); }

Key parse_ca_key(const StateFolder& folder, const std::string& text) {
    Key key = key_from_pem(text);
    if (key) return key;
    refuse(
        folder, kCaKeyFile,
        is_encrypted_key(text) ? "is encrypted, which is not supported" : "is not a private key");
}

LocalCa certified(Key key, const NamePolicy& policy, Time now) {
    Certificate certificate = make_ca(key.get(), policy, sane(now));
    return {std::move(certificate), std::move(key), policy};
}

}  // namespace

LocalCa make_local_ca(const NamePolicy& policy, Time now) {
    return certified(make_key(), policy, now);
}

std::optional<LocalCa> load_ca(const StateFolder& folder, const NamePolicy& policy, Time now) {
    const auto certificate_text = folder.read(kCaCertificateFile);
    const auto key_text = folder.read(kCaKeyFile, true);
    if (!key_text) {
        if (!certificate_text) return std::nullopt;
        refuse(folder, kCaKeyFile, std::string("is missing, but there is ") + kCaCertificateFile);
    }
    Key key = parse_ca_key(folder, *key_text);
    if (!certificate_text) {
        LocalCa ca = certified(std::move(key), policy, now);
        folder.write(kCaCertificateFile, to_pem(ca.certificate.get()));
        return ca;
    }
    auto certificates = certificates_from_pem(*certificate_text);
    if (certificates.size() != 1 || !is_ca(certificates.front().get())) {
        refuse(folder, kCaCertificateFile, "is not the certificate of a CA");
    }
    if (!fits(certificates.front().get(), key.get())) {
        refuse(folder, kCaKeyFile, std::string("is not the key of ") + kCaCertificateFile);
    }
    NamePolicy permitted = name_policy(certificates.front().get());
    return LocalCa{std::move(certificates.front()), std::move(key), std::move(permitted)};
}

void store_ca(const StateFolder& folder, const LocalCa& ca) {
    // In this order a power cut leaves nothing or a key alone, which load_ca() understands.
    folder.remove(kCaCertificateFile);
    folder.write(kCaKeyFile, to_pem(ca.key.get()));
    folder.write(kCaCertificateFile, to_pem(ca.certificate.get()));
}

Certificate read_ca_certificate(const std::string& folder) {
    const std::string path = (fs::path(folder) / kCaCertificateFile).string();
    std::error_code problem;
    if (!fs::exists(path, problem) && !problem) {
        throw FileError("there is no CA in " + protocol::quoted(folder) +
                        ": a server makes one when it first starts; if it runs as another user, "
                        "call this as that user, or with --state-dir");
    }
    auto certificates = certificates_from_pem(content_of(path));
    if (certificates.size() != 1) {
        throw FileError(protocol::quoted(path) + " is not the certificate of a CA");
    }
    return std::move(certificates.front());
}

std::vector<Certificate> read_retired_cas(const std::string& folder) {
    const std::string path = (fs::path(folder) / kRetiredCasFile).string();
    std::error_code problem;
    if (!fs::exists(path, problem)) return {};
    return certificates_from_pem(content_of(path));
}

void retire_ca(const StateFolder& folder) {
    const auto certificate = folder.read(kCaCertificateFile);
    if (!certificate || certificates_from_pem(*certificate).empty()) return;
    folder.write(kRetiredCasFile, folder.read(kRetiredCasFile).value_or("") + *certificate);
}

Identity issue_leaf(const LocalCa& ca, const AlternativeNames& names, Time now) {
    Key key = make_key();
    Certificate leaf = make_leaf(key.get(), names, ca.certificate.get(), ca.key.get(), sane(now));
    const std::string objection = verify_server(leaf.get(), ca.certificate.get());
    if (!objection.empty()) {
        throw std::runtime_error("the CA cannot sign for this server: " + objection);
    }
    return {std::move(leaf), {}, std::move(key)};
}

std::variant<Identity, std::string> load_leaf(const StateFolder& folder, const LocalCa& ca) {
    try {
        const auto text = folder.read(kLeafCertificateFile);
        const auto key_text = folder.read(kLeafKeyFile, true);
        if (!text && !key_text) return std::string{};
        auto certificates = certificates_from_pem(text.value_or(""));
        if (certificates.size() != 1) return folder.path_of(kLeafCertificateFile) + " is broken";
        Key key = key_from_pem(key_text.value_or(""));
        if (!key) return folder.path_of(kLeafKeyFile) + " is broken";
        X509* const leaf = certificates.front().get();
        if (!fits(leaf, key.get())) return folder.path_of(kLeafKeyFile) + " is another one's key";
        const std::string objection = verify_server(leaf, ca.certificate.get());
        if (!objection.empty()) {
            return folder.path_of(kLeafCertificateFile) + " is not one of this CA: " + objection;
        }
        return Identity{std::move(certificates.front()), {}, std::move(key)};
    } catch (const FileError& problem) {
        return std::string(problem.what());
    }
}

void store_leaf(const StateFolder& folder, const Identity& leaf) {
    folder.write(kLeafKeyFile, to_pem(leaf.key.get()));
    folder.write(kLeafCertificateFile, to_pem(leaf.leaf.get()));
}

}  // namespace videochat::tls
