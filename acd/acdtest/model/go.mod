module github.com/acdkit/acdkit/acd/acdtest/model

go 1.25.0

require (
	github.com/acdkit/acdkit v0.0.0
	pgregory.net/rapid v1.3.0
)

require (
	github.com/google/uuid v1.6.0 // indirect
	golang.org/x/text v0.41.0 // indirect
)

replace github.com/acdkit/acdkit => ../../..
