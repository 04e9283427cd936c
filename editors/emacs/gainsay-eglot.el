;;; gainsay-eglot.el --- claim files with eglot  -*- lexical-binding: t; -*-

;; For Emacs 29 and newer, or 28 with the package `eglot'. Put this file on your `load-path', and this line into your init
;; file:
;;
;;     (require 'gainsay-eglot)

;;; Code:

(require 'eglot)
(require 'project)

;; YAML files in a folder `claims' get their own mode, so that other YAML files are not affected.
(eval `(define-derived-mode gainsay-mode
         ,(cond ((fboundp 'yaml-mode) 'yaml-mode)
                ((and (fboundp 'yaml-ts-mode) (fboundp 'treesit-ready-p) (treesit-ready-p 'yaml t)) 'yaml-ts-mode)
                (t 'conf-colon-mode))
         "Claims"
         "Who claims what, in which source."
         (setq-local indent-tabs-mode nil)))

(put 'gainsay-mode 'eglot-language-id "yaml")
(add-to-list 'auto-mode-alist '("/claims/.*\\.ya?ml\\'" . gainsay-mode))
(add-to-list 'eglot-server-programs '(gainsay-mode . ("gainsay" "lsp")))
(add-hook 'gainsay-mode-hook #'eglot-ensure)

;; The project of a claim file is the folder that contains `claims', whether it is a repository or not.
(defun gainsay-project (folder)
  "The project of FOLDER: FOLDER itself or a folder above it that contains `claims'."
  (let ((root (locate-dominating-file folder (lambda (it) (file-directory-p (expand-file-name "claims" it))))))
    (and root (cons 'gainsay (file-name-as-directory (expand-file-name root))))))

(cl-defmethod project-root ((project (head gainsay)))
  "The folder of PROJECT."
  (cdr project))

(add-hook 'gainsay-mode-hook
          (lambda () (add-hook 'project-find-functions #'gainsay-project nil t))
          -1)

(provide 'gainsay-eglot)
;;; gainsay-eglot.el ends here
