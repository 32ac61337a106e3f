#include "tls/tls_context.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string_view>

namespace videochat::tls {
namespace {

// RFC 7301: the one protocol that is spoken here, as it stands in the extension.
constexpr std::string_view kAlpn = "\x08http/1.1";

// TLS 1.2 with forward secrecy and authenticated encryption alone; TLS 1.3 has nothing else.
constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20:!aPSK:!aNULL";

void require(bool done, const std::string& what) {
    if (!done) throw std::runtime_error(what + ": " + take_error());
}

// Who offers nothing that we speak is told so; who offers nothing at all is served.
int choose_protocol(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void* /*argument*/) {
    const std::span names(offered, offered_size);
    for (std::size_t at = 0; at < names.size(); at += 1 + names[at]) {
        const auto entry =
            names.subspan(at, std::min<std::size_t>(1 + names[at], names.size() - at));
        if (std::ranges::equal(
                entry, kAlpn, {}, [](unsigned char c) { return c; },
                [](char c) { return static_cast<unsigned char>(c); })) {
            *chosen = entry.data() + 1;
            *size = static_cast<unsigned char>(entry.size() - 1);
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;  // no_application_protocol
}

void set_rules(SSL_CTX* context) {
    ::SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    ::SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                       SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                       // Browsers end without close_notify every day.
                                       SSL_OP_IGNORE_UNEXPECTED_EOF);
    ::SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    require(::SSL_CTX_set_cipher_list(context, kTls12Ciphers) == 1, "TLS ciphers");
    ::SSL_CTX_set_read_ahead(context, 1);  // one recv() for a record, not one for its head as well
    // Tickets carry the sessions: nothing is kept here for who may never come back.
    ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    ::SSL_CTX_set_alpn_select_cb(context, &choose_protocol, nullptr);
}

Context make_context(const Identity& identity) {
    Context context(::SSL_CTX_new(::TLS_server_method()));
    require(context != nullptr, "TLS");
    set_rules(context.get());
    require(::SSL_CTX_use_certificate(context.get(), identity.leaf.get()) == 1, "the certificate");
    for (const Certificate& link : identity.chain) {
        require(::SSL_CTX_add1_chain_cert(context.get(), link.get()) == 1, "the certificate chain");
    }
    require(::SSL_CTX_use_PrivateKey(context.get(), identity.key.get()) == 1, "the private key");
    return context;
}

bool is_good_for(SSL_CTX* context, const char* name) {
    return ::X509_check_host(::SSL_CTX_get0_certificate(context), name, 0, 0, nullptr) == 1;
}

int choose_identity(SSL* ssl, int* /*alert*/, void* argument) {
    const char* const name = ::SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
    const auto& contexts = *static_cast<const std::vector<Context>*>(argument);
    const auto found = std::ranges::find_if(
        contexts, [name](const Context& context) { return is_good_for(context.get(), name); });
    if (found == contexts.end()) return SSL_TLSEXT_ERR_NOACK;
    ::SSL_set_SSL_CTX(ssl, found->get());
    return SSL_TLSEXT_ERR_OK;
}

}  // namespace

TlsContext::TlsContext(const std::vector<Identity>& identities) {
    for (const Identity& identity : identities)
        contexts_.push_back(make_context(identity));
    SSL_CTX* const first = contexts_.front().get();
    // What the macro of that name does, without its C cast.
    ::SSL_CTX_callback_ctrl(first, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                            reinterpret_cast<void (*)()>(&choose_identity));
    ::SSL_CTX_set_tlsext_servername_arg(first, &contexts_);
}

Session TlsContext::new_session() const {
    Session session(::SSL_new(contexts_.front().get()));
    require(session != nullptr, "TLS session");
    ::SSL_set_accept_state(session.get());
    return session;
}

}  // namespace videochat::tls
