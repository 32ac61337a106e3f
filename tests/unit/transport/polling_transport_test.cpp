#include "transport/polling_transport.hpp"

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using videochat::protocol::EngineIoVersion;
using videochat::protocol::OutgoingPacket;
using videochat::protocol::PayloadFraming;
using videochat::transport::EngineIoError;
using videochat::transport::PollingAnswer;
using videochat::transport::PollingRequest;
using videochat::transport::PollingTransport;

namespace {

class FakeRequest final : public PollingRequest {
  public:
    explicit FakeRequest(std::string index = {}) : index_(std::move(index)) {}
    void answer(PollingAnswer answer) override { answers.push_back(std::move(answer)); }
    const std::string& jsonp_index() const override { return index_; }
    std::vector<PollingAnswer> answers;

  private:
    std::string index_;
};

const std::vector<OutgoingPacket> kMixed{{"4a", false}, {"\x01\x02", true}};

PollingAnswer answer_of(EngineIoVersion version, bool base64_only,
                        const std::vector<OutgoingPacket>& packets, std::string index = {}) {
    PollingTransport polling(version, base64_only);
    FakeRequest get(std::move(index));
    REQUIRE(polling.begin_get(get));
    polling.answer_get(packets);
    CHECK_FALSE(polling.has_get());
    REQUIRE(get.answers.size() == 1);
    return get.answers.front();
}

}  // namespace

TEST_CASE("PollingTransport: one GET and one POST at a time") {
    PollingTransport polling(EngineIoVersion::V4, false);
    FakeRequest first;
    FakeRequest second;
    CHECK(polling.begin_get(first));
    CHECK_FALSE(polling.begin_get(second));
    CHECK(polling.begin_post(second));
    CHECK_FALSE(polling.begin_post(first));
    polling.answer_get("6");
    polling.accept_post();
    CHECK(first.answers.at(0).body == "6");
    CHECK(second.answers.at(0).body == "ok");
    CHECK(second.answers.at(0).status == 200);
    polling.answer_get("6");  // nobody waits
    polling.refuse_post();
    CHECK(first.answers.size() == 1);
    CHECK(second.answers.size() == 1);
}

TEST_CASE("PollingTransport: a request whose client has gone is forgotten") {
    PollingTransport polling(EngineIoVersion::V4, false);
    FakeRequest get;
    FakeRequest post;
    CHECK_FALSE(polling.forget(get));
    polling.begin_get(get);
    polling.begin_post(post);
    CHECK(polling.forget(post));
    CHECK_FALSE(polling.has_post());
    CHECK(polling.forget(get));
    CHECK_FALSE(polling.has_get());
}

TEST_CASE("PollingTransport: version 4 is text, whatever it carries") {
    const auto answer = answer_of(EngineIoVersion::V4, false, kMixed);
    CHECK(answer.kind == PollingAnswer::Body::Text);
    CHECK(answer.body ==
          "4a\x1e"
          "bAQI=");
}

TEST_CASE("PollingTransport: version 3 is binary only if a packet is and the client takes it") {
    const auto binary = answer_of(EngineIoVersion::V3, false, kMixed);
    CHECK(binary.kind == PollingAnswer::Body::Bytes);
    CHECK(binary.body == std::string("\x00\x02\xFF"
                                     "4a"
                                     "\x01\x03\xFF\x04\x01\x02",
                                     11));
    const auto base64 = answer_of(EngineIoVersion::V3, true, kMixed);
    CHECK(base64.kind == PollingAnswer::Body::Text);
    CHECK(base64.body == "2:4a6:b4AQI=");
    const auto text = answer_of(EngineIoVersion::V3, false, {{"6", false}});
    CHECK(text.kind == PollingAnswer::Body::Text);
    CHECK(text.body == "1:6");
}

TEST_CASE("PollingTransport: a JSONP poll gets a script, never binary") {
    const auto answer = answer_of(EngineIoVersion::V3, false, kMixed, "7");
    CHECK(answer.kind == PollingAnswer::Body::Script);
    CHECK(answer.body == R"(___eio[7]("2:4a6:b4AQI=");)");
}

TEST_CASE("PollingTransport: how POSTs are framed") {
    CHECK(PollingTransport(EngineIoVersion::V4, false).framing_of(false) == PayloadFraming::Text4);
    CHECK(PollingTransport(EngineIoVersion::V3, false).framing_of(false) == PayloadFraming::Text3);
    CHECK(PollingTransport(EngineIoVersion::V3, false).framing_of(true) == PayloadFraming::Binary3);
}

TEST_CASE("PollingTransport: errors are told as engine.io does") {
    const auto unknown = videochat::transport::refusal(EngineIoError::SessionUnknown);
    CHECK(unknown.status == 400);
    CHECK(unknown.body == R"({"code":1,"message":"Session ID unknown"})");
    CHECK(videochat::transport::refusal(EngineIoError::Forbidden).status == 403);
}
