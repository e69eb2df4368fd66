package server

// CloseListenerForTest closes the socket of one of the listeners, as the system might. Index 0 is the listener of
// HTTP. The listeners of flagd's protocols follow.
func CloseListenerForTest(s *Server, index int) error {
	if index == 0 {
		return s.listener.Close()
	}
	return s.flagd[index-1].listener.Close()
}
