/*
 * Answers with status 200 that are not what was asked for: one table for every
 * source, as the body of each call in turn. None may make a verdict better, a
 * subject absent or gone, or a run complete.
 */
#ifndef TESTS_WRONG_SHAPES_H
#define TESTS_WRONG_SHAPES_H

/* Bodies, whatever was asked: by what stands between, by an error that says it
 * is none, by another service. */
static const char *const wrong_shapes[] = { "", " ", "null", "7", "\"text\"",
	"[]", "[{}]", "{}", "{", "{\"message\":\"Forbidden\"}",
	"{\"__type\":\"AccessDeniedException\"}",
	"{\"Error\":{\"Code\":\"AccessDenied\"}}",
	"{\"items\":[],\"Items\":[],\"Results\":[]}",
	"<html><body>busy</body></html>", "<!DOCTYPE html><html/>", "<foo/>",
	("<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error>"
	 "</Errors><RequestID>1</RequestID></Response>"),
	"<Error><Code>SlowDown</Code><Message>slow</Message></Error>",
	"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>",
	"<?xml version=\"1.0\"?>", "upstream connect error" };

/* What may stand in JSON where a list belongs, and be none. */
static const char *const wrong_lists[] = { "null", "\"x\"", "7", "{}",
	"{\"a\":[]}", "[7]", "[null]", "[[]]", "[true]" };

/* What may stand where the token of the next page belongs. */
static const char *const wrong_tokens[] = { "7", "{}", "{\"a\":[]}", "[7]",
	"true" };

#endif
