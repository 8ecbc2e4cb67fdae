module github.com/acdkit/acdkit/acd/store/bolt

go 1.25.0

require (
	github.com/acdkit/acdkit v0.0.0
	go.etcd.io/bbolt v1.4.3
)

require (
	github.com/google/uuid v1.6.0 // indirect
	golang.org/x/sys v0.29.0 // indirect
	golang.org/x/text v0.41.0 // indirect
)

replace github.com/acdkit/acdkit => ../../..
