// Package openapitest checks the OpenAPI document of package rest against its handler,
// both ways: every answer of the transcripts is as the document says, and every answer
// that it documents is given to somebody. It is a module of its own, for it needs a
// validator that no host should link.
package openapitest
