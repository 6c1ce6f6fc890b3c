package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const validity = 10 * 365 * 24 * time.Hour

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pem         []byte
}

// writePKI writes certificates, the service account key and a kubeconfig for each client into a folder that only its owner
// reads. What is there already stays.
func writePKI(folder, server string) error {
	if _, err := os.Stat(filepath.Join(folder, "admin.kubeconfig")); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	cluster, err := newAuthority(folder, "ca", "concordance-local-ca")
	if err != nil {
		return err
	}
	front, err := newAuthority(folder, "front-proxy-ca", "concordance-local-front-proxy-ca")
	if err != nil {
		return err
	}
	if err := writeServiceAccountKey(folder); err != nil {
		return err
	}
	loopback := []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)}
	names := []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}
	for _, leaf := range []struct {
		name    string
		subject pkix.Name
		issuer  *authority
		server  bool
	}{
		{"apiserver", pkix.Name{CommonName: "kube-apiserver"}, cluster, true},
		{"kubelet-serving", pkix.Name{CommonName: "system:node:local-0", Organization: []string{"system:nodes"}}, cluster, true},
		{"kubelet-client", pkix.Name{CommonName: "kube-apiserver-kubelet-client", Organization: []string{"system:masters"}}, cluster, false},
		{"front-proxy-client", pkix.Name{CommonName: "front-proxy-client"}, front, false},
		{"scheduler", pkix.Name{CommonName: "system:kube-scheduler"}, cluster, false},
		{"controller-manager", pkix.Name{CommonName: "system:kube-controller-manager"}, cluster, false},
		{"node", pkix.Name{CommonName: "system:node:local-0", Organization: []string{"system:nodes"}}, cluster, false},
		{"admin", pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}}, cluster, false},
	} {
		template := &x509.Certificate{Subject: leaf.subject, KeyUsage: x509.KeyUsageDigitalSignature}
		if leaf.server {
			template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
			template.IPAddresses, template.DNSNames = loopback, names
		} else {
			template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		}
		certificate, key, err := leaf.issuer.sign(folder, leaf.name, template)
		if err != nil {
			return err
		}
		if !leaf.server {
			if err := writeKubeconfig(folder, leaf.name, server, cluster.pem, certificate, key); err != nil {
				return err
			}
		}
	}
	return nil
}

func newAuthority(folder, name, commonName string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: commonName},
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	issuer := &authority{certificate: template, key: key}
	certificate, _, err := issuer.issue(folder, name, template, key)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(certificate)
	parsed, err := x509.ParseCertificate(block.Bytes)
	return &authority{parsed, key, certificate}, err
}

func (a *authority) sign(folder, name string, template *x509.Certificate) (certificate, key []byte, err error) {
	fresh, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	return a.issue(folder, name, template, fresh)
}

func (a *authority) issue(folder, name string, template *x509.Certificate, key *ecdsa.PrivateKey) ([]byte, []byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template.SerialNumber = serial
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(validity)
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return nil, nil, err
	}
	keyPEM, err := privatePEM(key)
	if err != nil {
		return nil, nil, err
	}
	certificatePEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(filepath.Join(folder, name+".crt"), certificatePEM, 0o600); err != nil {
		return nil, nil, err
	}
	return certificatePEM, keyPEM, os.WriteFile(filepath.Join(folder, name+".key"), keyPEM, 0o600)
}

func privatePEM(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func writeServiceAccountKey(folder string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	private, err := privatePEM(key)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return err
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	if err := os.WriteFile(filepath.Join(folder, "service-account.key"), private, 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "service-account.pub"), publicPEM, 0o600)
}

func writeKubeconfig(folder, name, server string, ca, certificate, key []byte) error {
	encode := base64.StdEncoding.EncodeToString
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters:
- name: concordance-local
  cluster: {server: %q, certificate-authority-data: %s}
users:
- name: %s
  user: {client-certificate-data: %s, client-key-data: %s}
contexts:
- name: concordance-local
  context: {cluster: concordance-local, user: %s}
current-context: concordance-local
`, server, encode(ca), name, encode(certificate), encode(key), name)
	return os.WriteFile(filepath.Join(folder, name+".kubeconfig"), []byte(text), 0o600)
}
