// One include for Catch2 2 and 3.
#pragma once

#ifdef VIDEOCHAT_CATCH2_V3
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
