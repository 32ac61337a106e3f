// app/apple_profile: read back as XML by a parser that is not ours.
#include "app/apple_profile.hpp"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

#include <regex>
#include <sstream>
#include <string>

#include "protocol/base64.hpp"
#include "support/catch.hpp"

using namespace videochat;
using boost::property_tree::ptree;

namespace {

constexpr const char* kFingerprint =
    "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:"
    "FF";

ptree dictionary_of(const std::string& profile) {
    std::istringstream stream(profile);
    ptree document;
    read_xml(stream, document);
    return document.get_child("plist.dict");
}

/// What stands behind a key in a property list's dictionary.
ptree value_of(const ptree& dictionary, const std::string& key) {
    for (auto at = dictionary.begin(); at != dictionary.end(); ++at) {
        if (at->first != "key" || at->second.data() != key) continue;
        do
            ++at;
        while (at != dictionary.end() && at->first == "<xmltext>");
        REQUIRE(at != dictionary.end());
        return at->second;
    }
    FAIL("no key " << key);
    return {};
}

std::string text_of(const ptree& dictionary, const std::string& key) {
    return value_of(dictionary, key).data();
}

ptree payload_of(const ptree& dictionary) {
    return value_of(dictionary, "PayloadContent").get_child("dict");
}

}  // namespace

TEST_CASE("a profile is a property list with one root certificate, byte by byte") {
    std::string der;
    for (int i = 0; i < 700; ++i)
        der += static_cast<char>(i * 7);
    const ptree dictionary = dictionary_of(app::apple_profile(der, kFingerprint));
    CHECK(text_of(dictionary, "PayloadType") == "Configuration");
    CHECK(text_of(dictionary, "PayloadVersion") == "1");
    CHECK(text_of(dictionary, "PayloadDisplayName") == "videochat-server AB:CD:EF:01");
    CHECK(text_of(dictionary, "PayloadDescription").find(kFingerprint) != std::string::npos);
    const ptree payload = payload_of(dictionary);
    CHECK(text_of(payload, "PayloadType") == "com.apple.security.root");
    CHECK(text_of(payload, "PayloadVersion") == "1");
    CHECK(protocol::base64_decode(text_of(payload, "PayloadContent")) == der);
}

TEST_CASE("identifiers come from the fingerprint: the same CA has the same, another one others") {
    const std::string first = app::apple_profile("der", kFingerprint);
    CHECK(app::apple_profile("der", kFingerprint) == first);
    const ptree dictionary = dictionary_of(first);
    const ptree payload = payload_of(dictionary);
    const std::regex uuid("[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}");
    const std::string outer = text_of(dictionary, "PayloadUUID");
    const std::string inner = text_of(payload, "PayloadUUID");
    CHECK(std::regex_match(outer, uuid));
    CHECK(std::regex_match(inner, uuid));
    CHECK(outer != inner);
    CHECK(text_of(dictionary, "PayloadIdentifier") != text_of(payload, "PayloadIdentifier"));

    std::string other_fingerprint = kFingerprint;
    other_fingerprint.front() = '0';
    const ptree other = dictionary_of(app::apple_profile("der", other_fingerprint));
    CHECK(text_of(other, "PayloadUUID") != outer);
    CHECK(text_of(other, "PayloadIdentifier") != text_of(dictionary, "PayloadIdentifier"));
}
