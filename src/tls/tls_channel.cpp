#include "tls/tls_channel.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "observe/log.hpp"

namespace videochat::tls {
namespace {

namespace log = observe::log;
using net::IoResult;
using net::IoStatus;
using observe::Counter;

// One record holds no more (RFC 8446 section 5.1).
constexpr std::size_t kRecord = 16384;
// What may wait for the socket: a record, or what a handshake has to say.
constexpr std::size_t kMostUnsent = 64 * std::size_t{1024};

bool is_later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

int bio_read(BIO* bio, char* into, std::size_t n, std::size_t* taken) {
    auto& channel = *static_cast<TlsChannel*>(::BIO_get_data(bio));
    ::BIO_clear_retry_flags(bio);
    *taken = channel.take(into, n);
    if (channel.input() == TlsChannel::Input::Empty) ::BIO_set_retry_read(bio);
    return *taken > 0 ? 1 : 0;
}

int bio_write(BIO* bio, const char* bytes, std::size_t n, std::size_t* taken) {
    auto& channel = *static_cast<TlsChannel*>(::BIO_get_data(bio));
    ::BIO_clear_retry_flags(bio);
    *taken = n;
    return channel.put({bytes, n}) ? 1 : 0;
}

long bio_control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
    const auto& channel = *static_cast<TlsChannel*>(::BIO_get_data(bio));
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return channel.input() == TlsChannel::Input::Ended ? 1 : 0;
    return 0;
}

const BIO_METHOD* bio_method() {
    static const auto method = [] {
        std::unique_ptr<BIO_METHOD, FreeWith<&BIO_meth_free>> made(
            ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection"));
        if (!made) throw std::runtime_error("TLS: " + take_error());
        ::BIO_meth_set_read_ex(made.get(), &bio_read);
        ::BIO_meth_set_write_ex(made.get(), &bio_write);
        ::BIO_meth_set_ctrl(made.get(), &bio_control);
        return made;
    }();
    return method.get();
}

}  // namespace

TlsChannel::TlsChannel(std::shared_ptr<const TlsContext> context, std::span<const char> first,
                       observe::Metrics& metrics)
    : context_(std::move(context)),
      session_(context_->new_session()),
      metrics_(&metrics),
      first_(first.data(), first.size()) {
    BIO* const bio = ::BIO_new(bio_method());
    if (bio == nullptr) throw std::runtime_error("TLS: " + take_error());
    ::BIO_set_data(bio, this);
    ::BIO_set_init(bio, 1);
    ::SSL_set_bio(session_.get(), bio, bio);  // owns it from now on
}

std::size_t TlsChannel::take(char* into, std::size_t n) {
    input_ = Input::Open;
    if (!first_.empty()) {
        const std::size_t taken = std::min(n, first_.size());
        std::memcpy(into, first_.data(), taken);
        first_.erase(0, taken);
        if (first_.empty()) first_.shrink_to_fit();
        return taken;
    }
    const std::ptrdiff_t taken = net::receive(fd_, {into, n});
    if (taken > 0) return static_cast<std::size_t>(taken);
    if (taken == 0) {
        input_ = Input::Ended;
    } else {
        input_ = is_later(errno) ? Input::Empty : Input::Lost;
    }
    return 0;
}

bool TlsChannel::put(std::string_view bytes) {
    if (unsent_.empty()) {
        const std::ptrdiff_t sent = net::transmit(fd_, bytes);
        if (sent < 0 && !is_later(errno)) output_lost_ = true;
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    if (unsent_.size() + bytes.size() > kMostUnsent) output_lost_ = true;
    if (!output_lost_) unsent_.append(bytes);
    return !output_lost_;
}

IoResult TlsChannel::read(int fd, std::span<char> into) {
    fd_ = fd;
    std::size_t total = 0;
    // One read of the socket, and all whole records of it: for what came behind, epoll tells again.
    do {
        ::ERR_clear_error();
        std::size_t taken = 0;
        const int result =
            ::SSL_read_ex(session_.get(), into.data() + total, into.size() - total, &taken);
        total += taken;
        is_cut_short_ = result == 1 && total == into.size();
        if (result != 1) {
            read_failed(result);
            break;
        }
    } while (!is_cut_short_ && ::SSL_has_pending(session_.get()) == 1);
    note_handshake();
    if (total > 0) return {IoStatus::Ok, total};
    return {last_word_ == IoStatus::Ok ? IoStatus::WouldBlock : last_word_, 0};
}

void TlsChannel::read_failed(int result) {
    switch (::SSL_get_error(session_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return;
        case SSL_ERROR_ZERO_RETURN:  // close_notify, or the end of the stream
            last_word_ = is_established() ? IoStatus::End : IoStatus::Error;
            break;
        default:
            last_word_ = IoStatus::Error;
            break;
    }
    if (last_word_ == IoStatus::Error) note_failure();
}

void TlsChannel::note_handshake() {
    if (metrics_ == nullptr || !is_established()) return;
    metrics_->add(Counter::TlsHandshakes);
    metrics_ = nullptr;
}

// Refused certificates are everyday life of a CA of one's own: no more than a line for who looks.
void TlsChannel::note_failure() {
    std::string reason = take_error();
    if (reason.empty()) reason = "the peer has gone";
    if (metrics_ == nullptr) {
        log::debug("TLS connection failed", {{"reason", reason}});
        return;
    }
    std::exchange(metrics_, nullptr)->add(Counter::TlsFailures);
    log::debug("TLS handshake failed", {{"reason", reason}});
}

TlsChannel::~TlsChannel() {
    if (metrics_ != nullptr) metrics_->add(Counter::TlsFailures);
}

IoResult TlsChannel::write(int fd, std::span<const std::string_view> pieces) {
    fd_ = fd;
    const IoStatus before = write_unsent(fd);
    if (before != IoStatus::Ok) return {before, 0};
    std::size_t total = 0;
    for (const std::string_view piece : pieces) {
        const std::size_t taken = write_piece(piece);
        total += taken;
        if (taken < piece.size()) break;
    }
    return {total > 0 ? IoStatus::Ok : IoStatus::Error, total};
}

// Stops where the socket does.
std::size_t TlsChannel::write_piece(std::string_view piece) {
    std::size_t total = 0;
    while (total < piece.size() && unsent_.empty()) {
        ::ERR_clear_error();
        std::size_t taken = 0;
        const std::size_t size = std::min(kRecord, piece.size() - total);
        if (::SSL_write_ex(session_.get(), piece.data() + total, size, &taken) != 1) break;
        total += taken;
    }
    return total;
}

bool TlsChannel::is_established() const { return ::SSL_is_init_finished(session_.get()) == 1; }

IoStatus TlsChannel::write_unsent(int fd) {
    while (!unsent_.empty()) {
        const std::ptrdiff_t sent = net::transmit(fd, unsent_);
        if (sent < 0) return is_later(errno) ? IoStatus::WouldBlock : IoStatus::Error;
        unsent_.erase(0, static_cast<std::size_t>(sent));
    }
    unsent_ = {};  // an idle connection keeps no buffer
    return IoStatus::Ok;
}

void TlsChannel::say_goodbye(int fd) {
    fd_ = fd;
    if (!is_established()) return;
    ::ERR_clear_error();
    ::SSL_shutdown(session_.get());
}

std::unique_ptr<net::Channel> TlsOpener::open(std::span<const char> first) {
    if (!always_ && !is_tls(first.front())) return nullptr;
    return std::make_unique<TlsChannel>(context_(), first, metrics_);
}

}  // namespace videochat::tls
