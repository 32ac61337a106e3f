// Connection: one accepted, non-blocking TCP socket, plain or TLS (channel.hpp). Waits until the
// socket is readable, reads into the loop's one buffer, pushes the bytes to its ByteHandler, and
// writes its queue once a turn. Owned by its loop; everything here runs on that loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/byte_handler.hpp"
#include "net/channel.hpp"
#include "net/connection_gate.hpp"
#include "net/loop.hpp"
#include "net/unique_fd.hpp"
#include "protocol/ip_address.hpp"
#include "videochat/core/outbound_queue.hpp"

namespace videochat::net {

/// What a connection is made of, and what moves when it goes to another loop.
struct Socket {
    UniqueFd fd;
    protocol::IpAddress peer;
    ConnectionGate::Ticket ticket;
    std::unique_ptr<Channel> channel{};  ///< null: plain
    ChannelOpener* opener = nullptr;     ///< asked at the first bytes; null: it is what it is
    std::uint16_t https_port = 0;        ///< where its peer finds TLS; 0: on the same port
    bool over_limit = false;             ///< over its address's limit: to be refused with a word
};

class Connection final : public Resident {
  public:
    /// Puts a connection on `loop`; `make_handler(Connection&)` gives its first handler. Null: the
    /// system refused to watch the socket, which is then closed.
    template <typename MakeHandler>
    static Connection* open(Loop& loop, Socket socket, MakeHandler&& make_handler) {
        Connection& made = loop.adopt(std::make_unique<Connection>(std::move(socket)));
        try {
            made.handler_ = make_handler(made);
        } catch (...) {
            made.cut();
            throw;
        }
        return made.start() ? &made : nullptr;
    }

    explicit Connection(Socket socket) : socket_(std::move(socket)) {
        if (socket_.channel) channel_ = socket_.channel.get();
    }

    const protocol::IpAddress& peer() const { return socket_.peer; }
    ConnectionGate::Ticket& ticket() { return socket_.ticket; }
    /// Over TLS.
    bool is_secure() const { return socket_.channel != nullptr; }
    /// Where the peer finds TLS; 0: on the port that it came to.
    std::uint16_t https_port() const { return socket_.https_port; }
    /// Cut, finishing or released: nothing more will be read or sent for the handler.
    bool is_over() const { return state_ != State::Open; }

    /// Queues a frame for the end of the turn. Overflow: it was not taken.
    core::Push send(core::Frame frame, const core::QueueLimits& limits = {});
    const core::OutboundQueue& queue() const { return queue_; }
    void drop_unsent() { queue_.drop_unsent(); }
    /// Writes now what the socket takes, instead of at the end of the turn (there, too, as long as
    /// the handler is still being made).
    void flush_now() {
        if (state_ == State::Open && handler_ != nullptr) write();
    }
    /// For a long answer: the system buffers no more than a little of it, so that it takes more as
    /// soon as the peer reads, and last_write() tells a slow reader from one that has stopped.
    void buffer_little();
    /// When the socket last took bytes.
    TimePoint last_write() const { return last_write_; }

    /// Backpressure: nothing is read (and what was kept is not shown) until resume. Not to be
    /// called from within on_bytes: resume_reading.
    void pause_reading();
    void resume_reading();

    /// Bytes that arrived before the connection came to this loop.
    void inject(std::string bytes);

    /// The handler's one deadline.
    void set_deadline(TimePoint when);
    void clear_deadline() { DeadlineWheel::cancel(*this); }

    /// After the call that is being made, `handler` gets the bytes.
    void become(std::unique_ptr<ByteHandler> handler) { next_handler_ = std::move(handler); }
    /// Leaves this loop; the connection is over here, the socket goes on elsewhere.
    Socket release();

    /// An orderly end: writes the queue, ends our side (FIN), drops what still arrives, at most
    /// `drained` bytes, and closes when the peer has ended or `linger` has passed. Without it a
    /// reset could overtake the last words. The handler is destroyed at the end of the turn.
    void finish(Clock::duration linger, std::size_t drained);
    /// Closes at once.
    void cut();

    void flush() override;
    void on_ready(bool readable, bool writable) override;
    void on_due(TimePoint now) override;
    void on_stop() override;
    void abandon() noexcept override;

  private:
    enum class State : unsigned char { Open, Finishing, Over };

    bool start();
    void read();
    void read_on();
    bool open_channel(std::span<char> first);
    void end_handshake();
    void lose();
    void write();
    bool write_unsent();
    IoResult write_queue();
    void on_peer_end();
    void feed(std::span<char> bytes);
    void keep(std::span<char> rest);
    void discard(std::span<char> buffer);
    void end_our_side();
    void update_interest();
    Poller::Interest wanted() const;

    Socket socket_;
    Channel* channel_ = &plain_channel();
    std::unique_ptr<ByteHandler> handler_;
    std::unique_ptr<ByteHandler> next_handler_;
    core::OutboundQueue queue_;
    std::string kept_;  ///< arrived, but not yet used by the handler
    std::size_t drain_left_ = 0;
    TimePoint last_write_{};
    State state_ = State::Open;
    Poller::Interest interest_ = Poller::Interest::Read;
    bool paused_ = false;
    bool write_blocked_ = false;
    bool our_side_ended_ = false;
    bool peer_ended_ = false;
    bool handshaking_ = false;
    bool unread_due_ = false;  ///< the channel is to be read at the end of the turn
};

}  // namespace videochat::net
