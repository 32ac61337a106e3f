#include "integration/tls_client.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "support/client_frame.hpp"

namespace videochat::test {
namespace {

// Whatever the server may refuse is allowed here, old versions and ciphers too.
tls::Context make_context(const TlsClientOptions& options) {
    tls::Context context(::SSL_CTX_new(::TLS_client_method()));
    ::SSL_CTX_set_security_level(context.get(), 0);
    ::SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_MIN_PROTO_VERSION, options.least_version, nullptr);
    ::SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_MAX_PROTO_VERSION, options.most_version, nullptr);
    if (!options.ciphers.empty() &&
        ::SSL_CTX_set_cipher_list(context.get(), options.ciphers.c_str()) != 1) {
        throw std::runtime_error("this OpenSSL has no " + options.ciphers);
    }
    return context;
}

}  // namespace

TlsClient::TlsClient(std::uint16_t port, const TlsClientOptions& options)
    : wire_(port), context_(make_context(options)), ssl_(::SSL_new(context_.get())) {
    in_ = ::BIO_new(::BIO_s_mem());
    out_ = ::BIO_new(::BIO_s_mem());
    ::BIO_ctrl(in_, BIO_C_SET_BUF_MEM_EOF_RETURN, -1, nullptr);
    ::SSL_set_bio(ssl_.get(), in_, out_);
    ::SSL_set_connect_state(ssl_.get());
    ::SSL_set_ex_data(ssl_.get(), 0, this);
    ::SSL_set_info_callback(ssl_.get(), [](const SSL* ssl, int where, int value) {
        if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
        static_cast<TlsClient*>(::SSL_get_ex_data(ssl, 0))->alert_ = value & 0xff;
    });
    if (!options.alpn.empty()) {
        ::SSL_set_alpn_protos(ssl_.get(),
                              reinterpret_cast<const unsigned char*>(options.alpn.data()),
                              static_cast<unsigned>(options.alpn.size()));
    }
    if (!options.server_name.empty()) {
        std::string name = options.server_name;
        ::SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                   name.data());
    }
    if (options.session != nullptr) ::SSL_set_session(ssl_.get(), options.session);
}

void TlsClient::flush(std::size_t piece) {
    char* bytes = nullptr;
    const long size = ::BIO_ctrl(out_, BIO_CTRL_INFO, 0, &bytes);
    std::string_view left(bytes, size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!left.empty()) {
        const std::string_view part = left.substr(0, piece == 0 ? left.size() : piece);
        if (!wire_.try_send(part)) break;
        left.remove_prefix(part.size());
    }
    ::BIO_ctrl(out_, BIO_CTRL_RESET, 0, nullptr);
}

// What the server has sent goes to OpenSSL. False: it has ended.
bool TlsClient::fetch() {
    const std::string bytes = wire_.read_until([](std::string_view all) { return !all.empty(); });
    if (bytes.empty()) return false;
    ::BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    return true;
}

bool TlsClient::handshake(std::size_t piece) {
    while (true) {
        ::ERR_clear_error();
        const int result = ::SSL_do_handshake(ssl_.get());
        flush(piece);
        if (result == 1) return true;
        if (::SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ || !fetch()) return false;
    }
}

void TlsClient::send(std::string_view text, std::size_t piece) {
    std::size_t sent = 0;
    ::SSL_write_ex(ssl_.get(), text.data(), text.size(), &sent);
    flush(piece);
}

std::string TlsClient::read_until(const std::function<bool(std::string_view)>& done) {
    std::array<char, 65536> buffer;
    while (!done(plain_)) {
        ::ERR_clear_error();
        std::size_t taken = 0;
        const int result = ::SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &taken);
        plain_.append(buffer.data(), taken);
        if (result == 1) continue;
        flush(0);
        if (::SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ || !fetch()) break;
    }
    std::string all;
    all.swap(plain_);
    return all;
}

std::string TlsClient::read_all() {
    return read_until([](std::string_view) { return false; });
}

std::string TlsClient::get(std::string_view target, std::string_view fields) {
    send("GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
         std::string(fields) + "\r\n");
    return read_all();
}

void TlsClient::close_notify() {
    ::SSL_shutdown(ssl_.get());
    flush(0);
}

bool TlsClient::is_told_goodbye() const {
    return (::SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::string TlsClient::fingerprint() const {
    const tls::Certificate shown(::SSL_get1_peer_certificate(ssl_.get()));
    if (!shown) return {};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    ::X509_digest(shown.get(), ::EVP_sha256(), digest.data(), &size);
    std::string text;
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (unsigned i = 0; i < size; ++i) {
        text += kDigits[digest.at(i) >> 4U];
        text += kDigits[digest.at(i) & 15U];
    }
    return text;
}

SecureSocket::SecureSocket(std::uint16_t port, const std::string& target, std::size_t piece,
                           const TlsClientOptions& options)
    : tls(port, options) {
    if (!tls.handshake(piece)) throw std::runtime_error("no handshake");
    tls.send(upgrade_request(target), piece);
    const std::string answer = tls.read_until(
        [](std::string_view all) { return all.find("\r\n\r\n") != std::string_view::npos; });
    if (!answer.starts_with("HTTP/1.1 101 ")) throw std::runtime_error("no upgrade: " + answer);
    held_ = answer.substr(answer.find("\r\n\r\n") + 4);
}

void SecureSocket::send(std::string_view text) { tls.send(client_frame(text)); }

std::string SecureSocket::receive() {
    while (!is_whole()) {
        const std::string more = tls.read_until([](std::string_view all) { return !all.empty(); });
        if (more.empty()) throw std::runtime_error("the server has ended");
        held_ += more;
    }
    const auto [head, size] = shape();
    std::string payload = held_.substr(head, size);
    held_.erase(0, head + size);
    return payload;
}

// The sizes of the next frame's head and payload, as far as they are known.
std::pair<std::size_t, std::size_t> SecureSocket::shape() const {
    const auto byte = [this](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(held_[at]));
    };
    if (held_.size() < 2) return {2, 1};
    if (byte(1) < 126) return {2, byte(1)};
    if (held_.size() < 4) return {4, 1};
    return {4, byte(2) * 256 + byte(3)};
}

bool SecureSocket::is_whole() const {
    const auto [head, size] = shape();
    return held_.size() >= head + size;
}

}  // namespace videochat::test
