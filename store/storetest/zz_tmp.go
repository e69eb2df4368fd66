package storetest

import "testing"

func testFlagConfigs(t *testing.T, open opener)  {}
func testSegments(t *testing.T, open opener)     {}
func testDeployments(t *testing.T, open opener)  {}
func testReleases(t *testing.T, open opener)     {}
func testInstances(t *testing.T, open opener)    {}
func testSDKKeys(t *testing.T, open opener)      {}
func testAccessTokens(t *testing.T, open opener) {}
func testSessions(t *testing.T, open opener)     {}
func testLeases(t *testing.T, open opener)       {}
func testChanges(t *testing.T, open opener)      {}
func testDefinition(t *testing.T, open opener)   {}
func testConcurrency(t *testing.T, open opener)  {}
func testContext(t *testing.T, open opener)      {}
