module github.com/acdkit/acdkit/ci/mutate

go 1.25.0
